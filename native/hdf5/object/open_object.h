// Opens an object by its path. The caller holds the Lock.
#pragma once

#include <memory>
#include <string>

#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

// `path` is relative to `from` unless it begins with a slash. `expected`: the kind of object that the caller expects; a
// wrong kind only takes longer. Throws ERR_NOT_FOUND.
std::shared_ptr<Object> open_object(const Object& from, const std::string& path, const std::string& expected = "");

}  // namespace h5tracks::hdf5
