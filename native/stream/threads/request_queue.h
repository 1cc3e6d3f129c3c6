// A queue of requests to one file. A request begins when all earlier requests that it must not overlap have ended; only
// reads overlap, and only with one another.
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
  // Starts the request, and calls its argument once, on any thread, when it is done. Throwing an Error ends the request
  // too.
  using Start = std::function<void(Done)>;

  // Runs the request in its turn, on the I/O thread.
  void post(Use use, Start start, Done done);
  // Runs the request in its turn, on the calling thread, which waits; throws the failure.
  void run(Use use, const Start& start);

  // Whether no change is under way or waiting.
  bool is_quiet() const { return changes_ == 0; }

 private:
  struct Request {
    Use use;
    std::function<void()> then;
  };
  void enter(Use use, std::function<void()> then);
  // False: the request must wait for others.
  bool enter_now(Use use);
  void leave(Use use);
  bool may_begin(Use use) const;
  void begin(Use use);

  std::atomic<std::size_t> changes_{0};  // under way or waiting

  std::mutex mutex_;
  // Guarded by the mutex.
  std::deque<Request> waiting_;
  std::size_t reads_under_way_ = 0;
  bool change_under_way_ = false;
};

}  // namespace h5tracks::stream
