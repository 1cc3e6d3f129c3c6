#include "binding/core/dynamic_value.h"

#include <cstring>

#include "binding/core/external_memory.h"
#include "binding/core/handle.h"
#include "binding/core/text.h"

namespace h5tracks::binding {

namespace {

using hdf5::DynamicValue;

unsigned char* at(Napi::ArrayBuffer buffer, std::size_t offset) {
  return static_cast<unsigned char*>(buffer.Data()) + offset;
}

DynamicValue bigint_of(const Napi::BigInt& value) {
  bool lossless = false;
  const std::int64_t number = value.Int64Value(&lossless);
  return lossless ? DynamicValue(number) : DynamicValue(value.Uint64Value(&lossless));
}

DynamicValue object_of(const Napi::Object& object) {
  if (object.IsTypedArray()) {
    const auto array = object.As<Napi::TypedArray>();
    return DynamicValue(hdf5::View{at(array.ArrayBuffer(), array.ByteOffset()), array.ByteLength()});
  }
  if (object.IsArrayBuffer()) {
    auto buffer = object.As<Napi::ArrayBuffer>();
    return DynamicValue(hdf5::View{at(buffer, 0), buffer.ByteLength()});
  }
  if (object.IsArray()) {
    const auto array = object.As<Napi::Array>();
    hdf5::List list;
    list.reserve(array.Length());
    for (std::uint32_t i = 0; i < array.Length(); ++i) list.push_back(dynamic_value_of(array.Get(i)));
    return list;
  }
  if (const Handle* handle = Handle::of(object)) return handle->object();
  const Napi::Array names = object.GetPropertyNames();
  hdf5::Map map;
  for (std::uint32_t i = 0; i < names.Length(); ++i) {
    const Napi::Value name = names.Get(i);
    map.emplace_back(text_of(name.As<Napi::String>()), dynamic_value_of(object.Get(name)));
  }
  return map;
}

// Large buffers are not copied, if the engine takes native memory.
Napi::Value buffer_of(Napi::Env env, const std::shared_ptr<hdf5::Bytes>& bytes) {
  constexpr std::size_t kMany = std::size_t{64} << 10;
  if (bytes->size() >= kMany) {
    if (auto shared = external_buffer(env, bytes->data(), bytes->size(), bytes)) return *shared;
  }
  auto buffer = Napi::ArrayBuffer::New(env, bytes->size());
  if (!bytes->empty()) std::memcpy(buffer.Data(), bytes->data(), bytes->size());
  return buffer;
}

struct ToJs {
  Napi::Value operator()(std::monostate) const { return env.Null(); }
  Napi::Value operator()(bool value) const { return Napi::Boolean::New(env, value); }
  Napi::Value operator()(double value) const { return Napi::Number::New(env, value); }
  Napi::Value operator()(std::int64_t value) const { return Napi::BigInt::New(env, value); }
  Napi::Value operator()(std::uint64_t value) const { return Napi::BigInt::New(env, value); }
  Napi::Value operator()(const std::string& value) const { return text_to_js(env, value); }
  Napi::Value operator()(const hdf5::View&) const { return env.Null(); }
  Napi::Value operator()(const std::shared_ptr<hdf5::Bytes>& value) const { return buffer_of(env, value); }
  Napi::Value operator()(const std::shared_ptr<hdf5::Object>& value) const { return Handle::create(env, value, state); }
  Napi::Value operator()(const hdf5::List& list) const {
    auto array = Napi::Array::New(env, list.size());
    for (std::uint32_t i = 0; i < list.size(); ++i) array.Set(i, to_js(env, list[i], state));
    return array;
  }
  Napi::Value operator()(const hdf5::Map& map) const {
    auto object = Napi::Object::New(env);
    for (const auto& [name, value] : map) object.Set(name, to_js(env, value, state));
    return object;
  }

  Napi::Env env;
  const stream::FileState& state;
};

}  // namespace

hdf5::DynamicValue dynamic_value_of(const Napi::Value& value) {
  switch (value.Type()) {
    case napi_boolean:
      return DynamicValue(value.As<Napi::Boolean>().Value());
    case napi_number:
      return DynamicValue(value.As<Napi::Number>().DoubleValue());
    case napi_bigint:
      return bigint_of(value.As<Napi::BigInt>());
    case napi_string:
      return DynamicValue(text_of(value.As<Napi::String>()));
    case napi_object:
      return object_of(value.As<Napi::Object>());
    default:
      return {};
  }
}

Napi::Value to_js(Napi::Env env, const hdf5::DynamicValue& value, const stream::FileState& state) {
  return std::visit(ToJs{env, state}, value.value);
}

}  // namespace h5tracks::binding
