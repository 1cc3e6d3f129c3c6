// Converts JavaScript values to native ones and back. lib/ has already checked what users pass.
#pragma once

#include <string>
#include <vector>

#include "binding/core/napi_setup.h"
#include "hdf5/dataset/dataset.h"

namespace h5tracks::binding {

hdf5::Shape shape_of(const Napi::Value& value);
hdf5::Element element_of(const Napi::Value& value);

Napi::Array to_js(Napi::Env env, const std::vector<std::string>& strings);

// A pointer to the values. Also works for a SharedArrayBuffer.
const unsigned char* bytes_of(const Napi::TypedArray& array);

// The first two arguments of a call. Its promise keeps them alive, because other threads use the dataset and the
// memory.
Napi::Array handles_and_memory(const Napi::CallbackInfo& info);

// The typed array for `element`; 'bool' is a Uint8Array.
napi_typedarray_type array_type(hdf5::Element element);

}  // namespace h5tracks::binding
