// Checks a dataset's metadata where HDF5 trusts it and would crash, hang or exhaust memory. The caller holds the Lock.
#pragma once

#include <string>

#include "hdf5/dataset/storage.h"

namespace h5tracks::hdf5 {

// Call after opening, before anything is read. Throws ERR_FORMAT.
void refuse_impossible(hid_t dataset, const Storage& storage, const std::string& file_path, const std::string& path);

// Call before allocating memory for a stored chunk of this size. Throws ERR_FORMAT.
void refuse_longer_than_file(hid_t dataset, hsize_t stored, const std::string& path);

}  // namespace h5tracks::hdf5
