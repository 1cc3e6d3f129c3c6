// Uses pieces in order that several threads make out of order; the thread that brings the next piece uses it. Memory is
// bounded: a thread that is too far ahead waits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace h5tracks::stream {

template <typename Piece>
class InOrder {
 public:
  using Use = std::function<void(std::vector<Piece>&)>;

  InOrder(std::size_t most_bytes, Use use) : most_bytes_(most_bytes), use_(std::move(use)) {}

  // Adds the pieces `begin` to `end`. Every number must come exactly once, in any order. May throw what `use` throws.
  void put(std::uint64_t begin, std::uint64_t end, std::vector<Piece> pieces, std::size_t bytes) {
    std::unique_lock<std::mutex> guard(mutex_);
    ready_.emplace(begin, Ready{end, std::move(pieces), bytes});
    bytes_ += bytes;
    while (!stopped_ && !in_use_ && !ready_.empty() && ready_.begin()->first == next_) {
      Ready now = std::move(ready_.begin()->second);
      ready_.erase(ready_.begin());
      in_use_ = true;
      guard.unlock();
      use_(now.pieces);
      guard.lock();
      in_use_ = false;
      bytes_ -= now.bytes;
      next_ = now.end;
      changed_.notify_all();
    }
    // This cannot deadlock: the thread that brings the next piece uses it above before it can wait here.
    changed_.wait(guard, [&] { return stopped_ || bytes_ <= most_bytes_; });
  }

  // Wakes all waiters, because some piece will never come.
  void stop() {
    const std::lock_guard<std::mutex> guard(mutex_);
    stopped_ = true;
    ready_.clear();
    changed_.notify_all();
  }

 private:
  struct Ready {
    std::uint64_t end;
    std::vector<Piece> pieces;
    std::size_t bytes;
  };

  const std::size_t most_bytes_;
  const Use use_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by the mutex.
  std::map<std::uint64_t, Ready> ready_;
  std::uint64_t next_ = 0;
  std::size_t bytes_ = 0;
  bool in_use_ = false;
  bool stopped_ = false;
};

}  // namespace h5tracks::stream
