// Converts datatypes to plain data and back without loss: make_type makes an equal type (H5Tequal) from what
// describe_type returns. `Type` in lib/hdf5/values/types.ts declares the data. Numbers in our own storage format are
// described by their element's name. The caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

class Dataset;

DynamicValue describe_type(hid_t type);
DynamicValue describe_type(const Dataset& dataset);

// From a complete description, or from a named type, which is returned itself. Do not modify the result: it may be
// shared.
TypeId make_type(const DynamicValue& description);

}  // namespace h5tracks::hdf5
