// `read` and `readSync` of NativeAddon: boxes of datasets straight into typed arrays.
#pragma once

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// An array of { dataset, out, start, count }.
Napi::Value read(const Napi::CallbackInfo& info);
void read_sync(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
