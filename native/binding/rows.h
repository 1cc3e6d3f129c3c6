// `readRows` and `readRowsSync` of NativeAddon: the same rows of many datasets straight into typed arrays.
#pragma once

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// (handles, typed arrays, first, end, storedOnly)
Napi::Value read_rows(const Napi::CallbackInfo& info);
void read_rows_sync(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
