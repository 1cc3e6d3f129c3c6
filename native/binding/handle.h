// NativeHandle of lib/native.ts: an open object, and the two doors through which operations are asked of it.
#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "hdf5/object.h"
#include "stream/row_reader.h"

namespace h5tracks::binding {

class Handle : public Napi::ObjectWrap<Handle> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(Napi::Env env, std::shared_ptr<hdf5::Object> object,
                            std::shared_ptr<stream::ChunkCache> cache);
  // Null for what is none.
  static Handle* of(const Napi::Object& object);
  // `call` and `callSync` of NativeAddon: the name of an operation, and its arguments in an array.
  static Napi::Value call(const Napi::CallbackInfo& info);
  static Napi::Value call_sync(const Napi::CallbackInfo& info);

  // Through create() only.
  explicit Handle(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

  const std::shared_ptr<hdf5::Object>& object() const { return object_; }
  const std::shared_ptr<stream::ChunkCache>& cache() const { return cache_; }
  // For reading boxes of a dataset.
  const std::shared_ptr<stream::ReadableDataset>& readable();

 private:
  Napi::Value is_open(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  std::shared_ptr<hdf5::Object> object_;
  std::shared_ptr<stream::ChunkCache> cache_;
  std::shared_ptr<stream::ReadableDataset> readable_;
};

}  // namespace h5tracks::binding
