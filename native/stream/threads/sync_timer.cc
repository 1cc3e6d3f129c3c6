#include "stream/threads/sync_timer.h"

#include <algorithm>

#include "stream/blocks/block_writer.h"
#include "stream/threads/threads.h"

namespace h5tracks::stream {

SyncTimer& SyncTimer::instance() {
  static auto* timer = new SyncTimer;
  return *timer;
}

SyncTimer::SyncTimer() {
  start_detached([](void* timer) { static_cast<SyncTimer*>(timer)->run(); }, this, "h5tracks-sync");
}

void SyncTimer::add(const std::shared_ptr<BlockWriter>& writer, std::chrono::milliseconds interval) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    entries_.push_back({writer, interval, Clock::now() + interval});
  }
  changed_.notify_one();
}

// Caller holds the mutex.
std::vector<std::shared_ptr<BlockWriter>> SyncTimer::take_due() {
  const Clock::time_point now = Clock::now();
  std::vector<std::shared_ptr<BlockWriter>> due;
  for (Entry& entry : entries_) {
    if (entry.due > now) continue;
    entry.due = now + entry.interval;
    due.push_back(entry.writer.lock());
    if (due.back() && !due.back()->is_open()) entry.writer.reset();
  }
  const auto gone = [](const Entry& entry) { return entry.writer.expired(); };
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), gone), entries_.end());
  return due;
}

void SyncTimer::run() {
  std::unique_lock<std::mutex> guard(mutex_);
  for (;;) {
    auto due = take_due();
    guard.unlock();
    for (const auto& writer : due) {
      if (writer && writer->is_open()) writer->sync();
    }
    due.clear();  // a writer may end here, without the mutex
    guard.lock();
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
