// Describes an open object in one answer. Caller holds the Lock.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

// { handle, kind }; of a dataset and a named type its type; of a dataset its extent as add_extent has it, where that
// can be read.
Map describe_object(const std::shared_ptr<Object>& object);

// shape, null of a null dataspace; maxShape where it is another, with null for H5S_UNLIMITED.
void add_extent(hid_t dataset, Map& map);

// Names, each with a NUL behind it: JavaScript takes one string faster than many. `sorted`: by their bytes.
DynamicValue packed_names(std::vector<std::string> names, bool sorted);

}  // namespace h5tracks::hdf5
