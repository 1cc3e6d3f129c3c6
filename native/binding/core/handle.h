// The N-API class NativeHandle that lib/native declares: an open object and, if it is a dataset, its values.
#pragma once

#include <memory>
#include <mutex>

#include "binding/core/napi_setup.h"
#include "hdf5/object/object.h"
#include "stream/boxes/file_state.h"
#include "stream/boxes/stored_dataset.h"

namespace h5tracks::binding {

// The values of a dataset, which is looked at on first use.
class Values {
 public:
  Values(std::shared_ptr<hdf5::Object> object, stream::FileState state)
      : object(std::move(object)), state(std::move(state)) {}

  // The first call takes the Lock.
  std::shared_ptr<stream::StoredDataset> stored();
  // Called when the object was closed.
  void forget();
  // True: destroying this takes no Lock.
  bool is_over();

  const std::shared_ptr<hdf5::Object> object;
  const stream::FileState state;

 private:
  std::mutex mutex_;
  std::shared_ptr<stream::StoredDataset> stored_;
};

class Handle : public Napi::ObjectWrap<Handle> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(Napi::Env env, std::shared_ptr<hdf5::Object> object, const stream::FileState& state);
  static Napi::Value create(Napi::Env env, std::shared_ptr<Values> values);
  // Null if `object` is not a handle.
  static Handle* of(const Napi::Object& object);

  // Called by create() only.
  explicit Handle(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

  const std::shared_ptr<hdf5::Object>& object() const { return values_->object; }
  const stream::FileState& state() const { return values_->state; }
  const std::shared_ptr<Values>& values() const { return values_; }

 private:
  Napi::Value is_open(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  std::shared_ptr<Values> values_;
};

}  // namespace h5tracks::binding
