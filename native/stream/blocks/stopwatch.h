// Measures how long something takes.
#pragma once

#include <chrono>

namespace h5tracks::stream {

using Moment = std::chrono::steady_clock::time_point;

inline Moment now() { return std::chrono::steady_clock::now(); }
inline double seconds_since(Moment moment) { return std::chrono::duration<double>(now() - moment).count(); }

class Stopwatch {
 public:
  double seconds() const { return seconds_since(start_); }

 private:
  const Moment start_ = now();
};

}  // namespace h5tracks::stream
