// Access properties that follow no external link: a file must not make us open other files. Caller holds the Lock.
#pragma once

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// A property list of that class (H5P_LINK_ACCESS, H5P_GROUP_ACCESS, H5P_DATASET_ACCESS) that follows no external link.
// Others have the same one: it is not to be changed.
PropertiesId contained_access(hid_t property_class);

}  // namespace h5tracks::hdf5
