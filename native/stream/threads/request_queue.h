// The queue of requests to one file: a request begins when all before it that it must not overlap have ended. Reads
// overlap with reads only.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "stream/threads/done.h"

namespace h5tracks::stream {

// What a request does to the file.
enum class Use { kReads, kChanges };

class RequestQueue : public std::enable_shared_from_this<RequestQueue> {
 public:
  // Starts something that calls its argument, once, on any thread, when it is done. What it throws of Error ends
  // it too.
  using Start = std::function<void(Done)>;

  // In its turn, on the I/O thread.
  void post(Use use, Start start, Done done);
  // In its turn, on the calling thread, which waits; throws the failure.
  void run(Use use, const Start& start);

  // Nothing that changes anything is under way or waits.
  bool is_quiet() const { return changes_ == 0; }

 private:
  struct Request {
    Use use;
    std::function<void()> then;
  };
  void enter(Use use, std::function<void()> then);
  // False: others come first.
  bool enter_now(Use use);
  void leave(Use use);
  bool may_begin(Use use) const;
  void begin(Use use);

  std::atomic<std::size_t> changes_{0};  // under way and waiting

  std::mutex mutex_;
  // Guarded by the mutex.
  std::deque<Request> waiting_;
  std::size_t reads_under_way_ = 0;
  bool change_under_way_ = false;
};

}  // namespace h5tracks::stream
