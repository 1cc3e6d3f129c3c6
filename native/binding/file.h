// NativeFile of lib/native.ts.
#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "hdf5/file.h"
#include "stream/file_state.h"

namespace h5tracks::binding {

class File : public Napi::ObjectWrap<File> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit File(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

  const std::shared_ptr<hdf5::File>& file() const { return file_; }

 private:
  Napi::Value path(const Napi::CallbackInfo& info);
  Napi::Value is_written_here(const Napi::CallbackInfo& info);
  Napi::Value is_open(const Napi::CallbackInfo& info);
  Napi::Value size(const Napi::CallbackInfo& info);
  Napi::Value kind(const Napi::CallbackInfo& info);
  Napi::Value children(const Napi::CallbackInfo& info);
  Napi::Value open_dataset(const Napi::CallbackInfo& info);
  Napi::Value attribute_names(const Napi::CallbackInfo& info);
  Napi::Value read_attribute(const Napi::CallbackInfo& info);
  void write_attribute(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  void flush(const Napi::CallbackInfo& info);
  void create_group(const Napi::CallbackInfo& info);
  void create_dataset(const Napi::CallbackInfo& info);

  std::shared_ptr<hdf5::File> file_;
  stream::FileState state_;
};

}  // namespace h5tracks::binding
