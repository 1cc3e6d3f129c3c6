// Describes an open object in one answer. The caller holds the Lock.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

// { handle, kind }; for a dataset or a named type, its type; for a dataset, its extent as in add_extent, if it can be
// read.
Map describe_object(const std::shared_ptr<Object>& object);

// Adds `shape`, null for a null dataspace, and `maxShape` if it differs, with null for H5S_UNLIMITED.
void add_extent(hid_t dataset, Map& map);

// The names, each followed by NUL: passing one string to JavaScript is faster than passing many. `sorted`: sorts them
// by their bytes.
DynamicValue packed_names(std::vector<std::string> names, bool sorted);

}  // namespace h5tracks::hdf5
