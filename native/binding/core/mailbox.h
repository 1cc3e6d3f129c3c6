// Settles promises on the JavaScript thread for work that other threads have finished.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "binding/core/napi_setup.h"
#include "stream/threads/done.h"

namespace h5tracks::binding {

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  static std::shared_ptr<Mailbox> create(Napi::Env env);

  // Makes the promise's value, on the JavaScript thread, once the work is done.
  using Result = std::function<Napi::Value(Napi::Env)>;

  // A promise that settles when the argument of `start` is called, once, on any thread: with `result`, or with
  // undefined. Until then, `kept`, the memory of the typed arrays in it, and the event loop are kept alive. If `start`
  // throws, the promise is rejected.
  Napi::Promise promise(Napi::Env env, Napi::Object kept, const std::function<void(stream::Done)>& start,
                        Result result = {});

  // Called when the environment ends: waits for work under way, which may be using its memory, and drops the results.
  void close();
  // False once the environment has ended: nobody needs the results.
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
