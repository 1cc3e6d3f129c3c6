// Filters that are not HDF5's own: lzf, and plugins from a directory. Caller holds the Lock.
#pragma once

#include <string>

namespace h5tracks::hdf5 {

inline constexpr int kLzf = 32000;
// h5py's lzf, for reading. Once, when the library is initialised.
void register_lzf();

// Filters are loaded from this directory, and from no other, from now on and for the whole process.
void load_plugins_from(const std::string& directory);

}  // namespace h5tracks::hdf5
