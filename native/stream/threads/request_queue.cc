#include "stream/threads/request_queue.h"

#include <vector>

#include "stream/threads/threads.h"

namespace h5tracks::stream {

void RequestQueue::post(Use use, Start start, Done done) {
  const auto self = shared_from_this();
  const auto over = [self, use, done = std::move(done)](const std::optional<Error>& failure) {
    // Before `done`, so that a caller that hears of the end finds the next request begun.
    self->leave(use);
    done(failure);
  };
  enter(use,
        [start = std::move(start), over] { IoThread::instance().post([start, over] { start_safely(start, over); }); });
}

void RequestQueue::run(Use use, const Start& start) {
  if (!enter_now(use)) wait_for([&](Done begun) { enter(use, [begun] { begun(std::nullopt); }); });
  try {
    wait_for([&](Done done) { start_safely(start, done); });
  } catch (...) {
    leave(use);
    throw;
  }
  leave(use);
}

bool RequestQueue::enter_now(Use use) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!waiting_.empty() || !may_begin(use)) return false;
  if (use == Use::kChanges) ++changes_;
  begin(use);
  return true;
}

// The caller must hold the mutex.
bool RequestQueue::may_begin(Use use) const {
  return !change_under_way_ && (use == Use::kReads || reads_under_way_ == 0);
}

void RequestQueue::begin(Use use) { use == Use::kReads ? void(++reads_under_way_) : void(change_under_way_ = true); }

void RequestQueue::enter(Use use, std::function<void()> then) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (use == Use::kChanges) ++changes_;
    if (!waiting_.empty() || !may_begin(use)) {
      waiting_.push_back({use, std::move(then)});
      return;
    }
    begin(use);
  }
  then();
}

void RequestQueue::leave(Use use) {
  std::vector<std::function<void()>> next;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (use == Use::kReads) {
      --reads_under_way_;
    } else {
      change_under_way_ = false;
      --changes_;
    }
    while (!waiting_.empty() && may_begin(waiting_.front().use)) {
      begin(waiting_.front().use);
      next.push_back(std::move(waiting_.front().then));
      waiting_.pop_front();
    }
  }
  for (const auto& then : next) then();
}

}  // namespace h5tracks::stream
