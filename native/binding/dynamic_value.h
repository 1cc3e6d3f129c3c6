// Converts the arguments and answers of operations from JavaScript, and back.
#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "hdf5/core/dynamic_value.h"
#include "stream/boxes/file_state.h"

namespace h5tracks::binding {

// Memory that typed arrays have stays theirs: whoever uses the result keeps `value` alive.
hdf5::DynamicValue dynamic_value_of(const Napi::Value& value);

// Objects become handles that share `state`, their file's.
Napi::Value to_js(Napi::Env env, const hdf5::DynamicValue& value, const stream::FileState& state);

}  // namespace h5tracks::binding
