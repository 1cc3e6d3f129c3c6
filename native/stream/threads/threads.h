// The addon's threads, one set for the whole process; they are never joined and outlive every environment. EncodePool:
// several threads, for work without HDF5. IoThread: one thread, for HDF5 calls that would block the caller. Neither
// uses libuv's few threads, which other code needs.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace h5tracks::stream {

using Task = std::function<void()>;

class EncodePool {
 public:
  // The number of cores, at most 8.
  static unsigned default_threads();

  // The task queue of one owner. Lanes take turns, so that a large writer does not starve a small one.
  class Lane {
   public:
    // `threads`: how many tasks of this lane may run at once. The pool grows to that.
    explicit Lane(unsigned threads = default_threads()) : threads_(threads) {}

   private:
    friend EncodePool;
    const unsigned threads_;
    // Guarded by the pool's mutex.
    std::deque<Task> tasks_;
    unsigned running_ = 0;
    bool in_round_ = false;
  };

  static EncodePool& instance();

  // All tasks at once, so that the posting thread does not compete with the workers for the mutex.
  void post(const std::shared_ptr<Lane>& lane, std::vector<Task> tasks);
  // Whether a lane has a task that waits for a thread.
  bool is_waited_for();

 private:
  void run();
  // The caller must hold the mutex for both.
  void grow(unsigned threads);
  void join_round(const std::shared_ptr<Lane>& lane);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Lane>> round_;  // lanes with a task that may run now
  unsigned threads_ = 0;
};

class IoThread {
 public:
  static IoThread& instance();

  // Tasks run in the order of posting.
  void post(Task task);
  // Runs everything posted before, then returns. Called at the end of the process, never from a task. What is posted
  // later does not run, because the process is being torn down.
  void stop();

 private:
  IoThread();
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopped_ = false;
};

}  // namespace h5tracks::stream
