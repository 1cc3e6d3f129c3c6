#include "binding/values.h"

#include <cstring>

#include "hdf5/error.h"

namespace h5tracks::binding {

namespace {

template <typename Item, typename Convert>
std::vector<Item> list_of(const Napi::Value& value, Convert convert) {
  const auto array = value.As<Napi::Array>();
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < array.Length(); ++i) items.push_back(convert(array.Get(i)));
  return items;
}

hsize_t extent_of(const Napi::Value& value) { return static_cast<hsize_t>(value.As<Napi::Number>().DoubleValue()); }

}  // namespace

hdf5::Shape shape_of(const Napi::Value& value) { return list_of<hsize_t>(value, extent_of); }

hdf5::Shape max_shape_of(const Napi::Value& value) {
  return list_of<hsize_t>(value,
                          [](const Napi::Value& axis) { return axis.IsNull() ? H5S_UNLIMITED : extent_of(axis); });
}

std::vector<std::string> strings_of(const Napi::Value& value) {
  return list_of<std::string>(value, [](const Napi::Value& item) { return item.As<Napi::String>().Utf8Value(); });
}

hdf5::Element element_of(const Napi::Value& value) {
  const std::string name = value.As<Napi::String>();
  if (const auto element = hdf5::element_named(name)) return *element;
  throw hdf5::Error("ERR_INVALID_ARGUMENT", "no element type is named '" + name + "'");
}

Napi::Value to_js(Napi::Env env, const std::optional<hdf5::Shape>& shape) {
  if (!shape) return env.Null();
  auto array = Napi::Array::New(env, shape->size());
  for (std::uint32_t i = 0; i < shape->size(); ++i) {
    const hsize_t extent = (*shape)[i];
    array.Set(i,
              extent == H5S_UNLIMITED ? env.Null() : Napi::Value(Napi::Number::New(env, static_cast<double>(extent))));
  }
  return array;
}

Napi::Array to_js(Napi::Env env, const std::vector<std::string>& strings) {
  auto array = Napi::Array::New(env, strings.size());
  for (std::uint32_t i = 0; i < strings.size(); ++i) array[i] = strings[i];
  return array;
}

Napi::Object to_js(Napi::Env env, const hdf5::TypeInfo& type) {
  auto object = Napi::Object::New(env);
  object["class"] = type.class_name;
  object["size"] = static_cast<double>(type.size);
  object["element"] = type.element ? Napi::Value(Napi::String::New(env, hdf5::name_of(*type.element))) : env.Null();
  object["bigEndian"] = type.big_endian;
  return object;
}

const unsigned char* bytes_of(const Napi::TypedArray& array) {
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, &data, nullptr, nullptr);
  NAPI_THROW_IF_FAILED(array.Env(), status, nullptr);
  return static_cast<const unsigned char*>(data);
}

napi_typedarray_type array_type(hdf5::Element element) {
  switch (element) {
    case hdf5::Element::kInt8:
      return napi_int8_array;
    case hdf5::Element::kUint8:
    case hdf5::Element::kBool:
      return napi_uint8_array;
    case hdf5::Element::kInt16:
      return napi_int16_array;
    case hdf5::Element::kUint16:
      return napi_uint16_array;
    case hdf5::Element::kInt32:
      return napi_int32_array;
    case hdf5::Element::kUint32:
      return napi_uint32_array;
    case hdf5::Element::kInt64:
      return napi_bigint64_array;
    case hdf5::Element::kUint64:
      return napi_biguint64_array;
    case hdf5::Element::kFloat32:
      return napi_float32_array;
    case hdf5::Element::kFloat64:
      return napi_float64_array;
  }
  return napi_uint8_array;
}

Napi::Value new_typed_array(Napi::Env env, hdf5::Element element, std::size_t count, const void* values) {
  const std::size_t bytes = count * hdf5::size_of(element);
  auto buffer = Napi::ArrayBuffer::New(env, bytes);
  if (bytes > 0) std::memcpy(buffer.Data(), values, bytes);
  napi_value array = nullptr;
  napi_create_typedarray(env, array_type(element), count, buffer, 0, &array);
  return Napi::Value(env, array);
}

}  // namespace h5tracks::binding
