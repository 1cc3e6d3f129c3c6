// Memory for large results: that of all their arrays in one piece, of large pages. Filling it costs a fault for every
// two megabytes, where the arrays that JavaScript allocates cost one for every page wherever two of them meet.
#pragma once

#include <memory>
#include <vector>

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// (sizes in bytes) -> an ArrayBuffer of zeros for each. Its memory is given back when it is collected. Node does not
// let such memory be transferred to another thread.
Napi::Value new_buffers(const Napi::CallbackInfo& info);

// What keeps such memory under the arguments of a call (an array of typed arrays, or of arrays of them) for work that
// goes on in it: when a thread of Node's ends, it drops its buffers before it waits for anything. Nothing for other
// memory, which goes later.
using Owners = std::vector<std::shared_ptr<unsigned char>>;
Owners owners_of(const Napi::Value& kept);

}  // namespace h5tracks::binding
