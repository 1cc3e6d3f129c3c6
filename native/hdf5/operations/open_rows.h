// Opens datasets that are read together. Not an operation by name, because its answer is objects that JavaScript does
// not see one by one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

struct OpenedRows {
  std::vector<std::shared_ptr<Object>> datasets;
  // Of each: [type, shape or null, shape of the chunks or null, whether its values lie in other files].
  List descriptions;
};

// Throws if one of the paths does not lead to a dataset. Takes the Lock.
OpenedRows open_rows(const Object& group, const std::vector<std::string>& paths);

}  // namespace h5tracks::hdf5
