// Counts the HDF5 identifiers in use, so that tests can find leaks.
#pragma once

#include <cstddef>

namespace h5tracks::hdf5 {

// In this process, of files, objects and attributes. HDF5 does not count types, dataspaces and property lists; the leak
// check finds their memory.
std::size_t count_identifiers();

}  // namespace h5tracks::hdf5
