#include "binding/block_stream.h"

#include <cstring>

#include "binding/core/conversions.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/external_memory.h"

namespace h5tracks::binding {

namespace {

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

}  // namespace

Napi::Function BlockStream::define(Napi::Env env) {
  return DefineClass(env, "BlockStream",
                     {
                         InstanceMethod<&BlockStream::block>("block"),
                         InstanceMethod<&BlockStream::load>("load"),
                         InstanceMethod<&BlockStream::accept>("accept"),
                         InstanceMethod<&BlockStream::acquire>("acquire"),
                         InstanceMethod<&BlockStream::prepare_next>("prepareNext"),
                         InstanceMethod<&BlockStream::submit>("submit"),
                         InstanceMethod<&BlockStream::fault>("fault"),
                         InstanceMethod<&BlockStream::copy>("copy"),
                         InstanceMethod<&BlockStream::stats>("stats"),
                         InstanceMethod<&BlockStream::durable_rows>("durableRows"),
                     });
}

Napi::Object BlockStream::create(const Napi::Object& owner, std::shared_ptr<stream::BlockWriter> writer,
                                 std::size_t index, const Napi::Object& options) {
  const Napi::Env env = owner.Env();
  Napi::Object wrapped = Environment::of(env).stream_class.New({});
  BlockStream& made = *Unwrap(wrapped);
  made.writer_ = std::move(writer);
  made.index_ = index;
  made.rules_ = rules_of(options);
  const auto& layout = made.stream().layout();
  auto offsets = Napi::Array::New(env);
  for (const std::size_t offset : layout.offsets) offsets[offsets.Length()] = static_cast<double>(offset);
  wrapped["offsets"] = offsets;
  wrapped["shared"] = has_external_memory(env);
  // A collected writer is closed, so whoever fills its blocks must keep it.
  wrapped["writer"] = owner;
  return wrapped;
}

BlockStream::BlockStream(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

// Made when it is needed, because the engine counts the memory and collects garbage for it.
Napi::Value BlockStream::block(const Napi::CallbackInfo& info) {
  const auto& block = stream().blocks()[info[0].As<Napi::Number>().Uint32Value()];
  const std::size_t bytes = stream().layout().bytes;
  if (const auto shared = external_buffer(info.Env(), block->data(), bytes, block)) return *shared;
  auto copy = Napi::ArrayBuffer::New(info.Env(), bytes);
  std::memcpy(copy.Data(), block->data(), bytes);
  return copy;
}

void BlockStream::load(const Napi::CallbackInfo& info) {
  const auto& block = stream().blocks()[info[0].As<Napi::Number>().Uint32Value()];
  std::memcpy(info[1].As<Napi::ArrayBuffer>().Data(), block->data(), stream().layout().bytes);
}

Napi::Value BlockStream::accept(const Napi::CallbackInfo& info) {
  const auto number = [&](std::size_t at) { return info[at].As<Napi::Number>().Uint32Value(); };
  const auto* copy = static_cast<const unsigned char*>(info[1].As<Napi::ArrayBuffer>().Data());
  stream().blocks()[number(0)]->accept(copy, number(2), number(3));
  return Napi::Number::New(info.Env(), __atomic_load_n(writer_->failed_flag().get(), __ATOMIC_ACQUIRE));
}

Napi::Value BlockStream::acquire(const Napi::CallbackInfo& info) {
  const std::size_t index = guarded(info.Env(), path(), [&] { return stream().acquire(); });
  return Napi::Number::New(info.Env(), static_cast<double>(index));
}

void BlockStream::prepare_next(const Napi::CallbackInfo& info) {
  guarded(info.Env(), path(), [&] { stream().prepare_next(); });
}

Napi::Value BlockStream::submit(const Napi::CallbackInfo& info) {
  const bool blank = info[0].ToBoolean();
  return Napi::Boolean::New(info.Env(), guarded(info.Env(), path(), [&] { return stream().submit(blank); }));
}

Napi::Value BlockStream::fault(const Napi::CallbackInfo& info) {
  stream::Batch batch(stream().layout(), sources_of(info[0]), info[1].As<Napi::Number>().Uint32Value());
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

void BlockStream::copy(const Napi::CallbackInfo& info) {
  const auto number = [&](std::size_t at) { return info[at].As<Napi::Number>().Uint32Value(); };
  const std::size_t from = number(1), end = number(2), block = number(3), row = number(4);
  stream::Batch(stream().layout(), sources_of(info[0]), end).copy(from, end, *stream().blocks()[block], row);
}

Napi::Value BlockStream::stats(const Napi::CallbackInfo& info) {
  const stream::StreamStats stats = stream().stats();
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

Napi::Value BlockStream::durable_rows(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(stream().durable_rows()));
}

}  // namespace h5tracks::binding
