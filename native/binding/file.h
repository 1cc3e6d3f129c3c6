// The N-API class NativeFile that lib/native declares.
#pragma once

#include <memory>

#include "binding/core/napi_setup.h"
#include "hdf5/file/file.h"
#include "stream/boxes/file_state.h"
#include "stream/run_state/file_template.h"

namespace h5tracks::binding {

class File : public Napi::ObjectWrap<File> {
 public:
  static Napi::Function define(Napi::Env env);
  // `openFile` and `openFileSync` in NativeAddon: (path, mode, options).
  static Napi::Value open(const Napi::CallbackInfo& info);
  static Napi::Value open_sync(const Napi::CallbackInfo& info);
  // Called by open() and open_sync() only.
  explicit File(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

  const std::shared_ptr<hdf5::File>& file() const { return file_; }
  // The contents that a new file is to get; null: HDF5 has made it.
  const std::shared_ptr<const stream::FileTemplate>& contents() const { return contents_; }

 private:
  struct Opening;
  static Napi::Value create(Napi::Env env, const Opening& opening);

  Napi::Value path(const Napi::CallbackInfo& info);
  Napi::Value is_written_here(const Napi::CallbackInfo& info);
  Napi::Value is_open(const Napi::CallbackInfo& info);
  void keep_template(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  void close_sync(const Napi::CallbackInfo& info);

  std::shared_ptr<hdf5::File> file_;
  std::shared_ptr<const stream::FileTemplate> contents_;
  std::shared_ptr<stream::RequestQueue> requests_;
};

}  // namespace h5tracks::binding
