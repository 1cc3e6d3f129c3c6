#include "stream/threads/interval_timer.h"

#include <algorithm>
#include <iterator>

#include "system/process/threads.h"

namespace h5tracks::stream {

IntervalTimer& IntervalTimer::instance() {
  static auto* timer = new IntervalTimer;
  return *timer;
}

IntervalTimer::IntervalTimer() {
  system::start_detached([](void* timer) { static_cast<IntervalTimer*>(timer)->run(); }, this, "h5tracks-sync");
}

void IntervalTimer::add(std::chrono::milliseconds interval, Tick tick) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    entries_.push_back({std::move(tick), interval, Clock::now() + interval});
  }
  changed_.notify_one();
}

// The caller must hold the mutex.
std::vector<IntervalTimer::Entry> IntervalTimer::take_due() {
  const Clock::time_point now = Clock::now();
  const auto first_due =
      std::partition(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.due > now; });
  std::vector<Entry> due(std::make_move_iterator(first_due), std::make_move_iterator(entries_.end()));
  entries_.erase(first_due, entries_.end());
  for (Entry& entry : due) entry.due = now + entry.interval;
  return due;
}

void IntervalTimer::run() {
  std::unique_lock<std::mutex> guard(mutex_);
  for (;;) {
    auto due = take_due();
    guard.unlock();
    // Without the mutex, because this may destroy what a tick owns.
    due.erase(std::remove_if(due.begin(), due.end(), [](const Entry& entry) { return !entry.tick(); }), due.end());
    guard.lock();
    std::move(due.begin(), due.end(), std::back_inserter(entries_));
    const auto next = std::min_element(entries_.begin(), entries_.end(),
                                       [](const Entry& a, const Entry& b) { return a.due < b.due; });
    if (next == entries_.end()) {
      changed_.wait(guard, [this] { return !entries_.empty(); });
    } else {
      changed_.wait_until(guard, next->due);
    }
  }
}

}  // namespace h5tracks::stream
