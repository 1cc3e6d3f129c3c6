// The threads of this addon, one set for the whole process, never joined: they outlive every environment.
// EncodePool: several, for work that needs no HDF5. IoThread: one, for HDF5 calls that nobody should wait for.
// Neither is libuv's, whose few threads others count on.
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
  // A queue of one owner. Lanes are served in turn, so that a large writer does not starve a small one.
  struct Lane {
    std::deque<Task> tasks;
    bool waiting = false;  // stands in the round
  };

  static EncodePool& instance();
  // As many as cores, at most 8.
  static unsigned default_threads();

  void post(const std::shared_ptr<Lane>& lane, Task task);

 private:
  EncodePool();
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Lane>> round_;
};

class IoThread {
 public:
  static IoThread& instance();

  // Tasks run in the order of their posting.
  void post(Task task);
  // Returns when everything posted before has run. Not from a task.
  void wait();
  // At the end of the process: as wait, and nothing posted later runs, for HDF5 then takes itself apart.
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
