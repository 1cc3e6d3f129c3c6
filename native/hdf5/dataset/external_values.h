// Refuses datasets whose values lie in other files (virtual datasets, external storage): a file must not make us open
// other files.
#pragma once

#include <string>

#include "hdf5/dataset/storage.h"

namespace h5tracks::hdf5 {

// Call before reading values.
void refuse_external_values(const Storage& storage, const std::string& file_path, const std::string& path);

// Call before reading the extent: an unlimited virtual dataset gets its extent from its sources.
void refuse_external_extent(const Storage& storage, const std::string& file_path, const std::string& path);

}  // namespace h5tracks::hdf5
