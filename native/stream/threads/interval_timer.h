// Calls functions at intervals, on one thread for the whole process, which starts when it is needed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace h5tracks::stream {

class IntervalTimer {
 public:
  // False ends the calls. On the timer's thread: it must not block for long.
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
  // Those that are due, taken out of the entries.
  std::vector<Entry> take_due();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
};

}  // namespace h5tracks::stream
