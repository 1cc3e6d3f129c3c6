// The N-API class NativeBlockStream that lib/native declares.
#pragma once

#include <memory>

#include "binding/core/napi_setup.h"
#include "stream/batches/batch.h"
#include "stream/blocks/block_writer.h"

namespace h5tracks::binding {

class BlockStream : public Napi::ObjectWrap<BlockStream> {
 public:
  static Napi::Function define(Napi::Env env);
  // The stream `index` of a writer, whose object is `owner`; `options` are those of the stream.
  static Napi::Object create(const Napi::Object& owner, std::shared_ptr<stream::BlockWriter> writer, std::size_t index,
                             const Napi::Object& options);
  // Called by create() only.
  explicit BlockStream(const Napi::CallbackInfo& info);

 private:
  Napi::Value block(const Napi::CallbackInfo& info);
  void load(const Napi::CallbackInfo& info);
  Napi::Value accept(const Napi::CallbackInfo& info);
  Napi::Value acquire(const Napi::CallbackInfo& info);
  void prepare_next(const Napi::CallbackInfo& info);
  Napi::Value submit(const Napi::CallbackInfo& info);
  Napi::Value fault(const Napi::CallbackInfo& info);
  void copy(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value durable_rows(const Napi::CallbackInfo& info);

  stream::BlockStream& stream() { return writer_->stream(index_); }
  const std::string& path() const { return writer_->path(); }

  std::shared_ptr<stream::BlockWriter> writer_;
  std::size_t index_ = 0;
  stream::BatchRules rules_;
};

}  // namespace h5tracks::binding
