// The releases of HDF5 whose file formats can be the bounds of a file.
#pragma once

#include <hdf5.h>

#include <string>

namespace h5tracks::hdf5 {

// 'earliest', 'v108', 'v110', 'v112', 'v114' or 'latest'. Throws ERR_INVALID_ARGUMENT for one that this HDF5 knows
// nothing of.
H5F_libver_t library_version_named(const std::string& name);
// The other way; the newest is the latest.
const char* name_of_library_version(H5F_libver_t version);

}  // namespace h5tracks::hdf5
