// `readBox`, `writeBox` and their blocking variants in NativeAddon: move a box between a dataset and a typed array.
#pragma once

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// All take (dataset, typed array, box). The box is a Float64Array of start, count and stride, each with one number per
// axis. It is copied before the call returns.
Napi::Value read_box(const Napi::CallbackInfo& info);
void read_box_sync(const Napi::CallbackInfo& info);
Napi::Value write_box(const Napi::CallbackInfo& info);
void write_box_sync(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
