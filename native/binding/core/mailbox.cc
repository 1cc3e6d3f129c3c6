#include "binding/core/mailbox.h"

#include "binding/core/errors.h"
#include "binding/core/memory.h"

namespace h5tracks::binding {

struct Mailbox::Letter {
  Letter(Napi::Env env, Napi::Object object, Result result)
      : deferred(Napi::Promise::Deferred::New(env)),
        kept(Napi::Persistent(object)),
        owners(owners_of(object)),
        result(std::move(result)) {}

  Napi::Promise::Deferred deferred;
  Napi::ObjectReference kept;
  Owners owners;  // of the typed arrays in `kept`: `kept` alone does not keep their memory when the environment ends
  Result result;
  std::optional<Error> error;
};

std::shared_ptr<Mailbox> Mailbox::create(Napi::Env env) {
  auto mailbox = std::make_shared<Mailbox>();
  napi_value name = Napi::String::New(env, "h5tracks");
  const napi_status status = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                                             mailbox.get(), deliver, &mailbox->function_);
  if (status != napi_ok) throw Napi::Error::New(env, "h5tracks: cannot create a thread-safe function");
  napi_unref_threadsafe_function(env, mailbox->function_);
  return mailbox;
}

Napi::Promise Mailbox::promise(Napi::Env env, Napi::Object kept, const std::function<void(stream::Done)>& start,
                               Result result) {
  auto letter = std::make_shared<std::unique_ptr<Letter>>(std::make_unique<Letter>(env, kept, std::move(result)));
  const Napi::Promise promise = (*letter)->deferred.Promise();
  const auto self = shared_from_this();
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    ++under_way_;
  }
  if (expected_++ == 0) napi_ref_threadsafe_function(env, function_);
  const auto done = [self, letter](const std::optional<Error>& error) {
    (*letter)->error = error;
    self->post(std::move(*letter));
  };
  try {
    stream::start_safely(start, done);
  } catch (const Napi::Error&) {
    // A worker that is being terminated can no longer create values, and nobody waits for its promise.
    done(std::nullopt);
    throw;
  }
  return promise;
}

void Mailbox::post(std::unique_ptr<Letter> letter) {
  const std::lock_guard<std::mutex> guard(mutex_);
  --under_way_;
  changed_.notify_all();
  if (open_ && napi_call_threadsafe_function(function_, letter.get(), napi_tsfn_nonblocking) == napi_ok) {
    letter.release();
    return;
  }
  // Only the JavaScript thread may delete references. The environment is ending and frees this one itself.
  letter->kept.SuppressDestruct();
}

void Mailbox::deliver(napi_env raw_env, napi_value, void* context, void* data) {
  const std::unique_ptr<Letter> letter(static_cast<Letter*>(data));
  if (!raw_env) {
    letter->kept.SuppressDestruct();
    return;
  }
  const Napi::Env env(raw_env);
  const Napi::HandleScope scope(env);
  auto* mailbox = static_cast<Mailbox*>(context);
  if (--mailbox->expected_ == 0) napi_unref_threadsafe_function(env, mailbox->function_);
  try {
    if (letter->error) {
      letter->deferred.Reject(to_js(env, *letter->error));
    } else {
      letter->deferred.Resolve(letter->result ? letter->result(env) : env.Undefined());
    }
  } catch (const Napi::Error&) {
    // The environment is ending (process.exit() in a worker) and runs no JavaScript any more.
  }
}

void Mailbox::close() {
  std::unique_lock<std::mutex> guard(mutex_);
  open_ = false;
  changed_.wait(guard, [this] { return under_way_ == 0; });
}

bool Mailbox::is_open() {
  const std::lock_guard<std::mutex> guard(mutex_);
  return open_;
}

}  // namespace h5tracks::binding
