// Plain data of operations, to JavaScript and back.
#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "hdf5/tree.h"
#include "stream/chunk_cache.h"

namespace h5tracks::binding {

// Memory that typed arrays have stays theirs: whoever uses the result keeps `value` alive.
hdf5::Tree tree_of(const Napi::Value& value);

// Objects become handles that share `cache`, their file's.
Napi::Value to_js(Napi::Env env, const hdf5::Tree& tree, const std::shared_ptr<stream::ChunkCache>& cache);

}  // namespace h5tracks::binding
