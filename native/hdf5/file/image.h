// HDF5 files in memory, and tokens that identify objects. The caller holds the Lock.
#pragma once

#include <array>
#include <vector>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

FileId new_memory_file();
// All bytes of a file, as they would be on the disk.
std::vector<unsigned char> image_of(hid_t file);

// Two identifiers have equal tokens if they refer to the same object.
using ObjectToken = std::array<unsigned char, 16>;
ObjectToken token_of(hid_t object);

}  // namespace h5tracks::hdf5
