// Calls functions at intervals, on one thread for the whole process, which starts with the first of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace h5tracks::stream {

class IntervalTimer {
 public:
  // Returns false to end the calls. Runs on the timer's thread and must not block for long.
  using Tick = std::function<bool()>;

  static IntervalTimer& instance();

  void add(std::chrono::milliseconds interval, Tick tick);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Tick tick;
    std::chrono::milliseconds interval;
    Clock::time_point due;
  };

  IntervalTimer();
  void run();
  // Removes the entries that are due, and returns them.
  std::vector<Entry> take_due();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
};

}  // namespace h5tracks::stream
