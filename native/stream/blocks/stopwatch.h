// Measures how long something takes.
#pragma once

#include <chrono>

namespace h5tracks::stream {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace h5tracks::stream
