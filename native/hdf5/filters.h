// Filter pipelines as plain data: [{ id, name, options, optional }], or by name with what HDF5 works out by itself.
// Caller holds the Lock.
#pragma once

#include "hdf5/handle.h"
#include "hdf5/tree.h"

namespace h5tracks::hdf5 {

// In the order of the list. 'nbit' and { scaleOffset } ask for the type.
void set_filters(hid_t properties, const List& filters, hid_t type);
List describe_filters(hid_t properties);

}  // namespace h5tracks::hdf5
