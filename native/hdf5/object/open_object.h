// Opens an object by its path. Caller holds the Lock.
#pragma once

#include <memory>
#include <string>

#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

// `path` is relative to `from`, unless it begins with a slash. `expected`: its kind, as far as the caller knows;
// where that is wrong it takes longer. Throws ERR_NOT_FOUND.
std::shared_ptr<Object> open_object(const Object& from, const std::string& path, const std::string& expected = "");

}  // namespace h5tracks::hdf5
