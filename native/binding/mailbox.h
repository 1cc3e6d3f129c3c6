// Brings what other threads finished back to the JavaScript thread, as promises.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "binding/napi_setup.h"
#include "stream/threads/done.h"

namespace h5tracks::binding {

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  static std::shared_ptr<Mailbox> create(Napi::Env env);

  // Made on the JavaScript thread, when the work is done.
  using Result = std::function<Napi::Value(Napi::Env)>;

  // A promise that settles when `start`'s argument is called, once, on any thread, with `result` or with undefined.
  // `kept` lives until then, with the memory of typed arrays in it, and so does the event loop. What `start` throws
  // rejects it.
  Napi::Promise promise(Napi::Env env, Napi::Object kept, const std::function<void(stream::Done)>& start,
                        Result result = {});

  // When the environment ends: waits for what is under way, which may be using its memory, and drops the results.
  void close();
  // Nobody wants the results for an ended environment.
  bool is_open();

 private:
  struct Letter;

  static void deliver(napi_env env, napi_value, void* mailbox, void* letter);
  void post(std::unique_ptr<Letter> letter);

  napi_threadsafe_function function_ = nullptr;
  std::size_t expected_ = 0;  // JavaScript thread only
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;           // guarded by the mutex
  std::size_t under_way_ = 0;  // guarded by the mutex
};

}  // namespace h5tracks::binding
