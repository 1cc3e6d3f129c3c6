// Opens datasets with a chunk cache that holds at least one of their chunks.
#pragma once

#include <memory>
#include <string>

#include "hdf5/dataset/dataset.h"
#include "hdf5/file/file.h"

namespace h5tracks::hdf5 {

// A copy of `access` with a chunk cache that can hold one chunk of the dataset; none if the cache of `access` can. The
// caller holds the Lock.
PropertiesId tuned_access(hid_t dataset, const Storage& storage, hid_t access);

// `path` is absolute. Closing the file closes the dataset. Takes the Lock.
std::shared_ptr<Dataset> open_dataset(File& file, const std::string& path);

}  // namespace h5tracks::hdf5
