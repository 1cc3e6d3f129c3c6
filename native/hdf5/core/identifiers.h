// Counts the HDF5 identifiers in use: tests find leaks by it.
#pragma once

#include <cstddef>

namespace h5tracks::hdf5 {

// In this process: of files and of objects and attributes in them. (Of types, dataspaces and property lists HDF5 does
// not tell; memory that they keep is found by the leak check.)
std::size_t count_identifiers();

}  // namespace h5tracks::hdf5
