#include "binding/block_writer.h"

#include <functional>
#include <numeric>

#include "binding/core/conversions.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/mailbox.h"
#include "binding/file.h"
#include "stream/blocks/journal_columns.h"

namespace h5tracks::binding {

namespace {

stream::WriterOptions options_of(const Napi::Object& object) {
  stream::WriterOptions options;
  const auto columns = object.Get("columns").As<Napi::Array>();
  for (std::uint32_t i = 0; i < columns.Length(); ++i) {
    const auto given = columns.Get(i).As<Napi::Object>();
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
    const bool shuffle = given.Get("shuffle").ToBoolean(), fast = given.Get("fast").ToBoolean();
    column.filters = codec::Pipeline::usual(shuffle ? std::optional(element_bytes) : std::nullopt, level);
    column.effort = stream::effort_of(element_bytes, column.row_bytes());
    if (!fast) column.effort.encoder = codec::Encoder::kLibdeflate;
    column.effort.level = level.value_or(0);
    options.columns.push_back(std::move(column));
  }
  options.rows = object.Get("rows").As<Napi::Number>().Uint32Value();
  options.blocks = object.Get("blocks").As<Napi::Number>().Uint32Value();
  options.base = static_cast<hsize_t>(object.Get("base").As<Napi::Number>().DoubleValue());
  options.tail = object.Get("tail").As<Napi::Number>().Uint32Value();
  options.threads = object.Get("threads").As<Napi::Number>().Uint32Value();
  const std::string durability = object.Get("durability").As<Napi::String>();
  options.run.durability = durability == "none"      ? stream::Durability::kNone
                           : durability == "process" ? stream::Durability::kProcess
                                                     : stream::Durability::kPower;
  options.run.sync_interval = std::chrono::milliseconds(object.Get("syncInterval").As<Napi::Number>().Int64Value());
  options.run.new_file = object.Get("newFile").ToBoolean();
  options.run.discard_journal = object.Get("discardJournal").ToBoolean();
  options.run.marked = object.Get("marked").As<Napi::String>();
  return options;
}

std::vector<double> numbers_of(const Napi::Value& value) {
  std::vector<double> numbers;
  if (!value.IsArray()) return numbers;
  const auto array = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < array.Length(); ++i) numbers.push_back(array.Get(i).As<Napi::Number>().DoubleValue());
  return numbers;
}

stream::ColumnRule rule_of(const Napi::Object& given) {
  stream::ColumnRule rule;
  rule.per_cell = given.Get("perCell").ToBoolean();
  const std::vector<double> range = numbers_of(given.Get("range"));
  if (range.size() == 2) rule.range = stream::Range{range[0], range[1]};
  rule.members = numbers_of(given.Get("members"));
  if (const Napi::Value finite = given.Get("finite"); finite.IsNumber()) {
    rule.partial_within = finite.As<Napi::Number>().Uint32Value();
  }
  return rule;
}

stream::BatchRules rules_of(const Napi::Object& object) {
  stream::BatchRules rules;
  const auto columns = object.Get("columns").As<Napi::Array>();
  for (std::uint32_t i = 0; i < columns.Length(); ++i) {
    rules.columns.push_back(rule_of(columns.Get(i).As<Napi::Object>()));
  }
  return rules;
}

const char* name_of(stream::Broken rule) {
  switch (rule) {
    case stream::Broken::kKey:
      return "key";
    case stream::Broken::kRange:
      return "range";
    case stream::Broken::kMember:
      return "member";
    case stream::Broken::kPartial:
      return "partial";
    case stream::Broken::kEmpty:
      break;
  }
  return "empty";
}

stream::Sources sources_of(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  stream::Sources sources(array.Length());
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value given = array.Get(i);
    if (given.IsTypedArray()) sources[i] = bytes_of(given.As<Napi::TypedArray>());
  }
  return sources;
}

// An ArrayBuffer over native memory, which it keeps alive.
template <typename Owner>
Napi::ArrayBuffer shared_memory(Napi::Env env, void* data, std::size_t bytes, std::shared_ptr<Owner> owner) {
  auto* holder = new std::shared_ptr<Owner>(std::move(owner));
  return Napi::ArrayBuffer::New(
      env, data, bytes, [](Napi::BasicEnv, void*, std::shared_ptr<Owner>* held) { delete held; }, holder);
}

}  // namespace

Napi::Function BlockWriter::define(Napi::Env env) {
  return DefineClass(env, "BlockWriter",
                     {
                         InstanceMethod<&BlockWriter::acquire>("acquire"),
                         InstanceMethod<&BlockWriter::submit>("submit"),
                         InstanceMethod<&BlockWriter::fault>("fault"),
                         InstanceMethod<&BlockWriter::copy>("copy"),
                         InstanceMethod<&BlockWriter::throw_failure>("throwFailure"),
                         InstanceMethod<&BlockWriter::stats>("stats"),
                         InstanceMethod<&BlockWriter::durable_rows>("durableRows"),
                         InstanceMethod<&BlockWriter::drain>("drain"),
                         InstanceMethod<&BlockWriter::flush>("flush"),
                         InstanceMethod<&BlockWriter::flush_sync>("flushSync"),
                         InstanceMethod<&BlockWriter::close>("close"),
                         InstanceMethod<&BlockWriter::close_sync>("closeSync"),
                     });
}

BlockWriter::BlockWriter(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  const auto& file = File::Unwrap(info[0].As<Napi::Object>())->file();
  path_ = file->path;
  writer_ = guarded(env, path_, [&] {
    return stream::BlockWriter::open(file, options_of(info[1].As<Napi::Object>()), &Environment::of(env));
  });
  rules_ = rules_of(info[1].As<Napi::Object>());
  auto self = info.This().As<Napi::Object>();
  const auto& layout = writer_->layout();
  auto blocks = Napi::Array::New(env);
  for (const auto& block : writer_->blocks()) {
    blocks[blocks.Length()] = shared_memory(env, block->data(), layout.bytes, block);
  }
  auto offsets = Napi::Array::New(env);
  for (const std::size_t offset : layout.offsets) offsets[offsets.Length()] = static_cast<double>(offset);
  const auto& failed = writer_->failed_flag();
  self["blocks"] = blocks;
  self["offsets"] = offsets;
  self["failed"] = shared_memory(env, failed.get(), sizeof *failed, failed);
}

void BlockWriter::Finalize(Napi::BasicEnv) {
  // Collected while open: requests that the counted rows are committed and the file is closed, without waiting.
  if (writer_ && writer_->is_open()) writer_->close({});
}

Napi::Value BlockWriter::acquire(const Napi::CallbackInfo& info) {
  const std::size_t index = guarded(info.Env(), path_, [&] { return writer_->acquire(); });
  return Napi::Number::New(info.Env(), static_cast<double>(index));
}

Napi::Value BlockWriter::submit(const Napi::CallbackInfo& info) {
  const bool blank = info[0].ToBoolean();
  return Napi::Boolean::New(info.Env(), guarded(info.Env(), path_, [&] { return writer_->submit(blank); }));
}

Napi::Value BlockWriter::fault(const Napi::CallbackInfo& info) {
  stream::Batch batch(writer_->layout(), sources_of(info[0]), info[1].As<Napi::Number>().Uint32Value());
  const auto keys = info[2].As<Napi::Number>().Int64Value();
  rules_.keys = keys < 0 ? std::nullopt : std::optional<std::size_t>(keys);
  const auto found = batch.fault(rules_);
  if (!found) return info.Env().Null();
  auto object = Napi::Object::New(info.Env());
  object["column"] = static_cast<double>(found->column);
  object["at"] = static_cast<double>(found->at);
  object["rule"] = name_of(found->rule);
  return object;
}

void BlockWriter::copy(const Napi::CallbackInfo& info) {
  const auto number = [&](std::size_t at) { return info[at].As<Napi::Number>().Uint32Value(); };
  const std::size_t from = number(1), end = number(2), block = number(3), row = number(4);
  stream::Batch(writer_->layout(), sources_of(info[0]), end).copy(from, end, *writer_->blocks()[block], row);
}

void BlockWriter::throw_failure(const Napi::CallbackInfo& info) {
  guarded(info.Env(), path_, [&] { writer_->throw_failure(); });
}

Napi::Value BlockWriter::stats(const Napi::CallbackInfo& info) {
  const stream::WriterStats stats = writer_->stats();
  auto object = Napi::Object::New(info.Env());
  object["blocks"] = static_cast<double>(stats.blocks);
  object["rawBytes"] = static_cast<double>(stats.raw_bytes);
  object["storedBytes"] = static_cast<double>(stats.stored_bytes);
  object["encodeSeconds"] = stats.encode_seconds;
  object["commitSeconds"] = stats.commit_seconds;
  object["longestWaitSeconds"] = stats.longest_wait_seconds;
  object["inFlight"] = static_cast<double>(stats.in_flight);
  return object;
}

Napi::Value BlockWriter::durable_rows(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(writer_->durable_rows()));
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
