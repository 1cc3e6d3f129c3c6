#include "binding/core/handle.h"

#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "hdf5/file/file.h"
#include "hdf5/remote/remote_bytes.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

namespace {

// Identifies our handles among other objects.
constexpr napi_type_tag kTag{0x6835747261636b73, 0x68616e646c650001};

}  // namespace

Napi::Function Handle::define(Napi::Env env) {
  return DefineClass(env, "Handle",
                     {InstanceAccessor<&Handle::is_open>("isOpen"), InstanceMethod<&Handle::close>("close")});
}

Napi::Value Handle::create(Napi::Env env, std::shared_ptr<hdf5::Object> object, const stream::FileState& state) {
  return create(env, std::make_shared<Values>(std::move(object), state));
}

Napi::Value Handle::create(Napi::Env env, std::shared_ptr<Values> values) {
  const Napi::Object wrapped = Environment::of(env).handle_class.New({});
  napi_type_tag_object(env, wrapped, &kTag);
  Unwrap(wrapped)->values_ = std::move(values);
  return wrapped;
}

Handle* Handle::of(const Napi::Object& object) {
  bool tagged = false;
  if (napi_check_object_type_tag(object.Env(), object, &kTag, &tagged) != napi_ok || !tagged) return nullptr;
  return Unwrap(object);
}

Handle::Handle(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

void Handle::Finalize(Napi::BasicEnv) {
  if (!values_ || values_->is_over()) return;
  // Closing takes the HDF5 lock, and the garbage collector must not wait for it.
  stream::IoThread::instance().post([values = std::move(values_)]() mutable { values.reset(); });
}

std::shared_ptr<stream::StoredDataset> Values::stored() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!stored_) {
    std::shared_ptr<stream::StoredDataset> made;
    hdf5::MissWatch(object->file->remote()).run(object->file->path, [&] {
      made = std::make_shared<stream::StoredDataset>(object->dataset(), state.cache);
    });
    stored_ = made;
  }
  return stored_;
}

void Values::forget() {
  std::shared_ptr<stream::StoredDataset> stored;
  const std::lock_guard<std::mutex> guard(mutex_);
  stored_.swap(stored);
}

bool Values::is_over() {
  const std::lock_guard<std::mutex> guard(mutex_);
  return !stored_ && !object->is_open() && object->file.use_count() > 1;
}

Napi::Value Handle::is_open(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), object()->is_open());
}

void Handle::close(const Napi::CallbackInfo& info) {
  guarded(info.Env(), object()->file->path, [&] {
    try {
      object()->close();
    } catch (const Error&) {
      values_->forget();
      throw;
    }
    values_->forget();
  });
}

}  // namespace h5tracks::binding
