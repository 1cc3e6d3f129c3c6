// Access properties that follow no external link: a file must not make us open other files. The caller holds the Lock.
#pragma once

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// A property list of class H5P_LINK_ACCESS, H5P_GROUP_ACCESS or H5P_DATASET_ACCESS that follows no external link. Do
// not modify it: it is shared.
PropertiesId contained_access(hid_t property_class);

}  // namespace h5tracks::hdf5
