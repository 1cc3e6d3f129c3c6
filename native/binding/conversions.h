// Converts JavaScript values to native ones, and back. lib/ has checked what users give.
#pragma once

#include <string>
#include <vector>

#include "binding/napi_setup.h"
#include "hdf5/dataset/dataset.h"

namespace h5tracks::binding {

hdf5::Shape shape_of(const Napi::Value& value);
hdf5::Element element_of(const Napi::Value& value);

Napi::Array to_js(Napi::Env env, const std::vector<std::string>& strings);

// Where its values are, also when its memory is shared between threads.
const unsigned char* bytes_of(const Napi::TypedArray& array);

// The first two arguments of a call, for its promise to keep: neither may go while the one's values fill the other.
Napi::Array handles_and_memory(const Napi::CallbackInfo& info);

// The typed array that holds `element`; 'bool' is a Uint8Array.
napi_typedarray_type array_type(hdf5::Element element);

}  // namespace h5tracks::binding
