// Reminds writers of their sync, each at its own interval. One thread for the process, started when it is needed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace h5tracks::stream {

class BlockWriter;

class SyncTimer {
 public:
  static SyncTimer& instance();

  // Until the writer is gone.
  void add(const std::shared_ptr<BlockWriter>& writer, std::chrono::milliseconds interval);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::weak_ptr<BlockWriter> writer;
    std::chrono::milliseconds interval;
    Clock::time_point due;
  };

  SyncTimer();
  void run();
  // Those that are due, or none and when to look again.
  std::vector<std::shared_ptr<BlockWriter>> take_due();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
};

}  // namespace h5tracks::stream
