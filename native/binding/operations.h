// `call` and `callSync` in NativeAddon, through which JavaScript runs operations on open objects.
#pragma once

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// Both take the name of an operation and an array of its arguments, of which the first is the object.
Napi::Value call_operation(const Napi::CallbackInfo& info);
Napi::Value call_operation_sync(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
