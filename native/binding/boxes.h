// `readBox`, `writeBox` and their blocking twins of NativeAddon: a box of a dataset straight into or out of a typed
// array.
#pragma once

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// All: (dataset, typed array, box). The box is a Float64Array of start, count and stride, each with a number per axis;
// it is read before they return.
Napi::Value read_box(const Napi::CallbackInfo& info);
void read_box_sync(const Napi::CallbackInfo& info);
Napi::Value write_box(const Napi::CallbackInfo& info);
void write_box_sync(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
