// Memory for large results: one piece for all their arrays, in huge pages. Filling it costs one page fault per two
// megabytes, whereas arrays that JavaScript allocates do not start at a huge page's boundary and cost one per small
// page there.
#pragma once

#include <memory>
#include <vector>

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// (sizes in bytes) -> a zeroed ArrayBuffer for each size. The memory is freed when the ArrayBuffer is collected. Node
// refuses to transfer such an ArrayBuffer to another thread. Where the engine takes no native memory, it allocates it.
Napi::Value new_buffers(const Napi::CallbackInfo& info);

// The owners of such memory under the arguments of a call (an array of typed arrays, or of arrays of them). Work that
// uses the memory holds them, because a worker that ends drops its buffers before it waits for anything. Other memory
// has no entry; it is freed later.
using Owners = std::vector<std::shared_ptr<unsigned char>>;
Owners owners_of(const Napi::Value& kept);

}  // namespace h5tracks::binding
