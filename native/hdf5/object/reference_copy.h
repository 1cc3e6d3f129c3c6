// Object references in values that are copied to another file, as they are or within compounds, arrays and sequences.
// The caller holds the Lock.
#pragma once

#include <cstddef>
#include <functional>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

bool has_references(hid_t type);
// Whether all references in values of the type are of the kind H5T_STD_REF_OBJ, the only one that can be made anew.
bool has_only_object_references(hid_t type);

// Replaces each reference that is not null in `count` values in memory by what `renewed` returns for it.
void renew_references(hid_t memory_type, unsigned char* values, std::size_t count,
                      const std::function<hobj_ref_t(hobj_ref_t)>& renewed);

}  // namespace h5tracks::hdf5
