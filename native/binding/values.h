// JavaScript values to native ones and back. lib/ has checked what users give; these hold the two sides of
// lib/native.ts together.
#pragma once

#include <string>
#include <vector>

#include "binding/napi_setup.h"
#include "hdf5/dataset.h"

namespace h5tracks::binding {

hdf5::Shape shape_of(const Napi::Value& value);
// null in an axis: unlimited.
hdf5::Shape max_shape_of(const Napi::Value& value);
std::vector<std::string> strings_of(const Napi::Value& value);
hdf5::Element element_of(const Napi::Value& value);

Napi::Value to_js(Napi::Env env, const std::optional<hdf5::Shape>& shape);
Napi::Array to_js(Napi::Env env, const std::vector<std::string>& strings);
Napi::Object to_js(Napi::Env env, const hdf5::TypeInfo& type);

// Where its values are, also when its memory is shared between threads.
const unsigned char* bytes_of(const Napi::TypedArray& array);

// The typed array that holds `element`; 'bool' is a Uint8Array.
napi_typedarray_type array_type(hdf5::Element element);
Napi::Value new_typed_array(Napi::Env env, hdf5::Element element, std::size_t count, const void* values);

}  // namespace h5tracks::binding
