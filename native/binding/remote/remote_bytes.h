// The N-API class NativeRemoteBytes that lib/native declares.
#pragma once

#include <memory>

#include "binding/core/napi_setup.h"
#include "hdf5/remote/remote_bytes.h"

namespace h5tracks::binding {

class RemoteBytes : public Napi::ObjectWrap<RemoteBytes> {
 public:
  static Napi::Function define(Napi::Env env);
  // Takes the size of the file.
  explicit RemoteBytes(const Napi::CallbackInfo& info);

  const std::shared_ptr<hdf5::RemoteBytes>& bytes() const { return bytes_; }

 private:
  Napi::Value take_missed(const Napi::CallbackInfo& info);
  Napi::Value absent(const Napi::CallbackInfo& info);
  void put(const Napi::CallbackInfo& info);
  void trim(const Napi::CallbackInfo& info);

  std::shared_ptr<hdf5::RemoteBytes> bytes_;
};

}  // namespace h5tracks::binding
