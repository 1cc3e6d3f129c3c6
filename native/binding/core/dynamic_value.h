// Converts arguments of operations from JavaScript, and their answers to JavaScript.
#pragma once

#include <memory>

#include "binding/core/napi_setup.h"
#include "hdf5/core/dynamic_value.h"
#include "stream/boxes/file_state.h"

namespace h5tracks::binding {

// Typed arrays are not copied: the caller must keep `value` alive while it uses the result.
hdf5::DynamicValue dynamic_value_of(const Napi::Value& value);

// Objects become handles that share `state`, the state of their file.
Napi::Value to_js(Napi::Env env, const hdf5::DynamicValue& value, const stream::FileState& state);

}  // namespace h5tracks::binding
