// The version of HDF5, and names of the releases whose formats can be the bounds of a file.
#pragma once

#include <hdf5.h>

#include <string>

namespace h5tracks::hdf5 {

// 'earliest', 'v108', 'v110', 'v112', 'v114' or 'latest'. Throws ERR_INVALID_ARGUMENT for a name that this version of
// HDF5 does not know.
H5F_libver_t library_version_named(const std::string& name);
// The reverse; the newest version is 'latest'.
const char* name_of_library_version(H5F_libver_t version);

// "HDF5 1.14.6", the version that this was compiled with; for messages.
std::string hdf5_version();

}  // namespace h5tracks::hdf5
