#include "stream/threads/threads.h"

#include <algorithm>
#include <future>
#include <thread>

#include "system/process/threads.h"

namespace h5tracks::stream {

EncodePool& EncodePool::instance() {
  static auto* pool = new EncodePool;
  return *pool;
}

unsigned EncodePool::default_threads() {
  // Cached, because the call reads a file of the system.
  static const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
  return threads;
}

void EncodePool::grow(unsigned threads) {
  for (; threads_ < threads; ++threads_) {
    system::start_detached([](void* pool) { static_cast<EncodePool*>(pool)->run(); }, this, "h5tracks-encode");
  }
}

void EncodePool::join_round(const std::shared_ptr<Lane>& lane) {
  if (lane->in_round_ || lane->tasks_.empty() || lane->running_ >= lane->threads_) return;
  lane->in_round_ = true;
  round_.push_back(lane);
}

void EncodePool::post(const std::shared_ptr<Lane>& lane, std::vector<Task> tasks) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    grow(std::max(default_threads(), lane->threads_));
    for (Task& task : tasks) lane->tasks_.push_back(std::move(task));
    join_round(lane);
  }
  wake_.notify_one();
}

bool EncodePool::is_waited_for() {
  const std::lock_guard<std::mutex> guard(mutex_);
  return !round_.empty();
}

void EncodePool::run() {
  // Where cores are few, the event loop comes first, and encoding can wait until back-pressure sets in.
  system::yield_to_others();
  std::unique_lock<std::mutex> guard(mutex_);
  for (;;) {
    wake_.wait(guard, [this] { return !round_.empty(); });
    const std::shared_ptr<Lane> lane = std::move(round_.front());
    round_.pop_front();
    lane->in_round_ = false;
    Task task = std::move(lane->tasks_.front());
    lane->tasks_.pop_front();
    ++lane->running_;
    join_round(lane);
    const bool more = !round_.empty();
    guard.unlock();
    if (more) wake_.notify_one();
    task();
    task = nullptr;  // destroys what the task owns without holding the lock
    guard.lock();
    --lane->running_;
    // This thread takes the next lane itself, so it need not wake another.
    join_round(lane);
  }
}

IoThread& IoThread::instance() {
  static auto* thread = new IoThread;
  return *thread;
}

IoThread::IoThread() {
  system::start_detached([](void* io) { static_cast<IoThread*>(io)->run(); }, this, "h5tracks-io");
}

void IoThread::post(Task task) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void IoThread::stop() {
  const auto reached = std::make_shared<std::promise<void>>();
  post([reached] { reached->set_value(); });
  reached->get_future().wait();
  const std::lock_guard<std::mutex> guard(mutex_);
  stopped_ = true;
}

void IoThread::run() {
  std::unique_lock<std::mutex> guard(mutex_);
  for (;;) {
    wake_.wait(guard, [this] { return !tasks_.empty() && !stopped_; });
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    guard.unlock();
    task();
    task = nullptr;
    guard.lock();
  }
}

}  // namespace h5tracks::stream
