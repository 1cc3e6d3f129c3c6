// Opens an object by its path. The caller holds the Lock.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

// `path` is relative to `from` unless it begins with a slash. `expected`: the kind of object that the caller expects; a
// wrong kind only takes longer. Throws ERR_NOT_FOUND.
std::shared_ptr<Object> open_object(const Object& from, const std::string& path, const std::string& expected = "");
// Opens datasets. Throws if one of the paths does not lead to a dataset.
std::vector<std::shared_ptr<Object>> open_datasets(const Object& from, const std::vector<std::string>& paths);

}  // namespace h5tracks::hdf5
