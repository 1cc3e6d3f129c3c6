// A file must not make us open other files: external links are not followed, and datasets that keep their values
// elsewhere (virtual ones, external raw storage) are refused. Caller holds the Lock.
#pragma once

#include <string>

#include "hdf5/dataset/storage.h"

namespace h5tracks::hdf5 {

// A property list of that class (H5P_LINK_ACCESS, H5P_GROUP_ACCESS, H5P_DATASET_ACCESS) that follows no external link.
// Others have the same one: it is not to be changed.
PropertiesId contained_access(hid_t property_class);

// Before values are asked for.
void refuse_values_elsewhere(const Storage& storage, const std::string& file_path, const std::string& path);

// Before its extent is asked for: that of a virtual one without limits is found in its sources.
void refuse_extent_elsewhere(const Storage& storage, const std::string& file_path, const std::string& path);

}  // namespace h5tracks::hdf5
