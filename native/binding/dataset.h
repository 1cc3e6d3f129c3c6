// NativeDataset of lib/native.ts.
#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "hdf5/file.h"

namespace h5tracks::binding {

class Dataset : public Napi::ObjectWrap<Dataset> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Value create(Napi::Env env, std::shared_ptr<hdf5::File> file, std::shared_ptr<hdf5::Dataset> dataset);
  // Through create() only.
  explicit Dataset(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

 private:
  struct Box;

  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  void read_sync(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  Box box_of(const Napi::CallbackInfo& info) const;

  std::shared_ptr<hdf5::File> file_;  // keeps it open as long as the dataset is
  std::shared_ptr<hdf5::Dataset> dataset_;
  std::optional<hdf5::Element> element_;
};

}  // namespace h5tracks::binding
