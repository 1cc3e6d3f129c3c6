// Refuses datasets that keep their values in other files (virtual datasets, external storage): a file must not make us
// open other files.
#pragma once

#include <string>

#include "hdf5/dataset/storage.h"

namespace h5tracks::hdf5 {

// Before values are asked for.
void refuse_external_values(const Storage& storage, const std::string& file_path, const std::string& path);

// Before its extent is asked for: that of a virtual one without limits is found in its sources.
void refuse_external_extent(const Storage& storage, const std::string& file_path, const std::string& path);

}  // namespace h5tracks::hdf5
