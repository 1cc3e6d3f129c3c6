// Filters that are not HDF5's own: lzf, and plugins from a directory. The caller holds the Lock.
#pragma once

#include <string>

namespace h5tracks::hdf5 {

inline constexpr int kLzf = 32000;
// Registers h5py's lzf for reading. Called once, when the library is initialised.
void register_lzf();

// From now on, the whole process loads filters from this directory and no other.
void load_plugins_from(const std::string& directory);

}  // namespace h5tracks::hdf5
