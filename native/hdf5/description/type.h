// Datatypes as plain data, and back, without loss: make_type makes an equal type (H5Tequal) of what describe_type
// gives. The shape of the data is `Type` of lib/hdf5/values/types.ts; numbers in our own storage format are described
// by their element's name. Caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

class Dataset;

DynamicValue describe_type(hid_t type);
DynamicValue describe_type(const Dataset& dataset);

// Of such a description with everything said, or of a named type, which it then is. Others may have the same one: it is
// not to be changed.
TypeId make_type(const DynamicValue& description);

}  // namespace h5tracks::hdf5
