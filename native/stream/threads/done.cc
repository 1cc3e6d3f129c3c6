#include "stream/threads/done.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>

namespace h5tracks::stream {

void start_safely(const std::function<void(Done)>& start, const Done& done) {
  try {
    start(done);
  } catch (const Error& error) {
    done(error);
  } catch (const std::bad_alloc&) {
    done(Error("ENOMEM", "not enough memory"));
  }
}

void wait_for(const std::function<void(Done)>& start) {
  // Cheaper than a promise and its future, which make a system call to wake a waiter even if there is none.
  struct Outcome {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_there = false;
    std::optional<Error> failure;
  };
  const auto outcome = std::make_shared<Outcome>();
  start([outcome](const std::optional<Error>& failure) {
    const std::lock_guard<std::mutex> guard(outcome->mutex);
    outcome->failure = failure;
    outcome->is_there = true;
    outcome->changed.notify_one();
  });
  std::unique_lock<std::mutex> guard(outcome->mutex);
  outcome->changed.wait(guard, [&] { return outcome->is_there; });
  if (outcome->failure) throw *outcome->failure;
}

}  // namespace h5tracks::stream
