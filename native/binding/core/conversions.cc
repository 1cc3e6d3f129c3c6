#include "binding/core/conversions.h"

#include "system/error.h"

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

hdf5::Element element_of(const Napi::Value& value) {
  const std::string name = value.As<Napi::String>();
  if (const auto element = hdf5::element_named(name)) return *element;
  throw Error("ERR_INVALID_ARGUMENT", "no element type is named '" + name + "'");
}

Napi::Array to_js(Napi::Env env, const std::vector<std::string>& strings) {
  auto array = Napi::Array::New(env, strings.size());
  for (std::uint32_t i = 0; i < strings.size(); ++i) array[i] = strings[i];
  return array;
}

const unsigned char* bytes_of(const Napi::TypedArray& array) {
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, &data, nullptr, nullptr);
  NAPI_THROW_IF_FAILED(array.Env(), status, nullptr);
  return static_cast<const unsigned char*>(data);
}

Napi::Array handles_and_memory(const Napi::CallbackInfo& info) {
  auto kept = Napi::Array::New(info.Env(), 2);
  kept.Set(0u, info[0]);
  kept.Set(1u, info[1]);
  return kept;
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

}  // namespace h5tracks::binding
