// `readRows` and `readRowsSync` in NativeAddon: read the same rows of several datasets into typed arrays.
#pragma once

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// Both take (handles, typed arrays, first, end, storedOnly).
Napi::Value read_rows(const Napi::CallbackInfo& info);
void read_rows_sync(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
