// The N-API class NativeBlockWriter that lib/native declares.
#pragma once

#include <memory>

#include "binding/core/napi_setup.h"
#include "stream/blocks/block_writer.h"

namespace h5tracks::binding {

class BlockWriter : public Napi::ObjectWrap<BlockWriter> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit BlockWriter(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

 private:
  Napi::Value drain(const Napi::CallbackInfo& info);
  Napi::Value flush(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  void throw_failure(const Napi::CallbackInfo& info);
  void flush_sync(const Napi::CallbackInfo& info);
  void close_sync(const Napi::CallbackInfo& info);

  std::string path_;
  std::shared_ptr<stream::BlockWriter> writer_;
};

}  // namespace h5tracks::binding
