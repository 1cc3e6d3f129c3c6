#include "binding/block_writer.h"

#include <functional>
#include <numeric>

#include "binding/block_stream.h"
#include "binding/core/conversions.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/external_memory.h"
#include "binding/core/mailbox.h"
#include "binding/file.h"
#include "stream/blocks/journal_columns.h"

namespace h5tracks::binding {

namespace {

stream::Column column_of(const Napi::Object& given) {
  stream::Column column;
  column.path = given.Get("path").As<Napi::String>().Utf8Value();
  column.type = element_of(given.Get("type"));
  const hdf5::Shape row = shape_of(given.Get("rowShape"));
  column.row_values = std::accumulate(row.begin(), row.end(), std::size_t{1}, std::multiplies<>());
  column.fill = given.Get("fill").As<Napi::Number>().DoubleValue();
  std::optional<int> level;
  if (const Napi::Value given_level = given.Get("deflate"); given_level.IsNumber()) {
    level = given_level.As<Napi::Number>().Int32Value();
  }
  const std::size_t element_bytes = hdf5::size_of(column.type);
  const bool shuffle = given.Get("shuffle").ToBoolean();
  const std::string encoder = given.Get("encoder").As<Napi::String>();
  column.filters = codec::Pipeline::usual(shuffle ? std::optional(element_bytes) : std::nullopt, level);
  column.effort = stream::effort_of(element_bytes, column.row_bytes());
  if (encoder == "level") column.effort.encoder = codec::Encoder::kLibdeflate;
  if (encoder == "smallest") column.effort.encoder = codec::Encoder::kSmallest;
  column.effort.level = level.value_or(0);
  return column;
}

stream::StreamOptions stream_of(const Napi::Object& object) {
  stream::StreamOptions options;
  const auto columns = object.Get("columns").As<Napi::Array>();
  for (std::uint32_t i = 0; i < columns.Length(); ++i) {
    options.columns.push_back(column_of(columns.Get(i).As<Napi::Object>()));
  }
  options.rows = object.Get("rows").As<Napi::Number>().Uint32Value();
  options.blocks = object.Get("blocks").As<Napi::Number>().Uint32Value();
  options.base = static_cast<hsize_t>(object.Get("base").As<Napi::Number>().DoubleValue());
  options.tail = object.Get("tail").As<Napi::Number>().Uint32Value();
  return options;
}

stream::WriterOptions options_of(const Napi::Object& object) {
  stream::WriterOptions options;
  const auto streams = object.Get("streams").As<Napi::Array>();
  for (std::uint32_t i = 0; i < streams.Length(); ++i) {
    options.streams.push_back(stream_of(streams.Get(i).As<Napi::Object>()));
  }
  options.threads = object.Get("threads").As<Napi::Number>().Uint32Value();
  const std::string durability = object.Get("durability").As<Napi::String>();
  options.run.durability = durability == "none"      ? stream::Durability::kNone
                           : durability == "process" ? stream::Durability::kProcess
                                                     : stream::Durability::kPower;
  options.run.sync_interval = std::chrono::milliseconds(object.Get("syncInterval").As<Napi::Number>().Int64Value());
  options.run.new_file = object.Get("newFile").ToBoolean();
  options.run.discard_journal = object.Get("discardJournal").ToBoolean();
  if (const Napi::Value key = object.Get("template"); key.IsString()) {
    options.run.template_key = key.As<Napi::String>().Utf8Value();
  }
  options.run.marked = object.Get("marked").As<Napi::String>();
  return options;
}

}  // namespace

Napi::Function BlockWriter::define(Napi::Env env) {
  return DefineClass(env, "BlockWriter",
                     {
                         InstanceMethod<&BlockWriter::throw_failure>("throwFailure"),
                         InstanceMethod<&BlockWriter::drain>("drain"),
                         InstanceMethod<&BlockWriter::flush>("flush"),
                         InstanceMethod<&BlockWriter::flush_sync>("flushSync"),
                         InstanceMethod<&BlockWriter::close>("close"),
                         InstanceMethod<&BlockWriter::close_sync>("closeSync"),
                     });
}

BlockWriter::BlockWriter(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  const File& file = *File::Unwrap(info[0].As<Napi::Object>());
  path_ = file.file()->path;
  writer_ = guarded(env, path_, [&] {
    auto options = options_of(info[1].As<Napi::Object>());
    options.run.contents = file.contents();
    return stream::BlockWriter::open(file.file(), std::move(options), &Environment::of(env));
  });
  auto self = info.This().As<Napi::Object>();
  const auto given = info[1].As<Napi::Object>().Get("streams").As<Napi::Array>();
  auto streams = Napi::Array::New(env);
  for (std::uint32_t i = 0; i < writer_->streams(); ++i) {
    streams[i] = BlockStream::create(self, writer_, i, given.Get(i).As<Napi::Object>());
  }
  self["streams"] = streams;
  const auto& failed = writer_->failed_flag();
  const auto shared = external_buffer(env, failed.get(), sizeof *failed, failed);
  self["failed"] = shared ? *shared : Napi::ArrayBuffer::New(env, sizeof *failed);
}

void BlockWriter::Finalize(Napi::BasicEnv) {
  // Collected while open: requests that the counted rows are committed and the file is closed, without waiting.
  if (writer_ && writer_->is_open()) writer_->close({});
}

void BlockWriter::throw_failure(const Napi::CallbackInfo& info) {
  guarded(info.Env(), path_, [&] { writer_->throw_failure(); });
}

Napi::Value BlockWriter::drain(const Napi::CallbackInfo& info) {
  return Environment::of(info.Env()).mailbox->promise(info.Env(), Value(), [&](auto done) { writer_->drain(done); });
}

Napi::Value BlockWriter::flush(const Napi::CallbackInfo& info) {
  return Environment::of(info.Env()).mailbox->promise(info.Env(), Value(), [&](auto done) { writer_->flush(done); });
}

Napi::Value BlockWriter::close(const Napi::CallbackInfo& info) {
  return Environment::of(info.Env()).mailbox->promise(info.Env(), Value(), [&](auto done) { writer_->close(done); });
}

void BlockWriter::flush_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), path_, [&] { stream::wait_for([&](auto done) { writer_->flush(done); }); });
}

void BlockWriter::close_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), path_, [&] { stream::wait_for([&](auto done) { writer_->close(done); }); });
}

}  // namespace h5tracks::binding
