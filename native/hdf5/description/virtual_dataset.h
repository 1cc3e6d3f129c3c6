// The sources of a virtual dataset: which part of which dataset in which file appears where. The caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// [{ file, path, sourceShape, source, at }], where source and at are selections as in Selection.
void set_virtual(hid_t properties, const List& sources, hid_t space);
// [{ file, path, source, at }], where source and at are lists of blocks [[start, ...], [end, ...]], or null for all.
List describe_virtual(hid_t properties);

}  // namespace h5tracks::hdf5
