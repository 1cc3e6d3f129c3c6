// The threads of the addon, one set for the whole process. They are never joined and outlive every environment.
// EncodePool: several threads, for work without HDF5. IoThread: one thread, for HDF5 calls that nobody should wait for.
// Neither uses libuv's few threads, which other code needs.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace h5tracks::stream {

using Task = std::function<void()>;

// A thread that nobody waits for and that no signal disturbs.
void start_detached(void (*body)(void*), void* argument, const char* name);

class EncodePool {
 public:
  // As many as cores, at most 8.
  static unsigned default_threads();

  // A queue of one owner. Lanes are served in turn, so that a large writer does not starve a small one.
  class Lane {
   public:
    // `threads`: how many tasks of this lane run at once, at most. The pool grows to that.
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

  // In one go: the thread that hands work over is not to be held up by those that take it.
  void post(const std::shared_ptr<Lane>& lane, std::vector<Task> tasks);

 private:
  void run();
  static void yield_to_others();
  // Both: caller holds the mutex.
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

  // Tasks run in the order of their posting.
  void post(Task task);
  // At the end of the process, not from a task: returns when everything posted before has run. Nothing posted later
  // runs, for the process then takes itself apart.
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
