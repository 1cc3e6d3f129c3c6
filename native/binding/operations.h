// `call` and `callSync` of NativeAddon: the two doors through which operations are asked of open objects.
#pragma once

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// Both: the name of an operation, and its arguments in an array, the object first.
Napi::Value call_operation(const Napi::CallbackInfo& info);
Napi::Value call_operation_sync(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
