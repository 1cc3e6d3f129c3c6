// Brings what other threads finished back to the JavaScript thread, as promises.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "binding/napi_setup.h"
#include "hdf5/error.h"

namespace h5tracks::binding {

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  using Done = std::function<void(const std::optional<hdf5::Error>&)>;

  static std::shared_ptr<Mailbox> create(Napi::Env env);

  // A promise that settles when `start`'s argument is called, once, on any thread. `kept` lives until then, and so does
  // the event loop. What `start` throws rejects it.
  Napi::Promise promise(Napi::Env env, Napi::Object kept, const std::function<void(Done)>& start);

  // When the environment ends: what arrives later is dropped.
  void close();
  bool is_open();

 private:
  struct Letter;

  static void deliver(napi_env env, napi_value, void* mailbox, void* letter);
  void post(std::unique_ptr<Letter> letter);

  napi_threadsafe_function function_ = nullptr;
  std::size_t expected_ = 0;  // JavaScript thread only
  std::mutex mutex_;
  bool open_ = true;  // guarded by the mutex
};

}  // namespace h5tracks::binding
