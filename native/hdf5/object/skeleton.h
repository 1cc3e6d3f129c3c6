// Copies a file without the rows of some datasets: the file that recovery starts from if a run appended to existing
// data. The caller holds the Lock.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// The datasets to copy without their rows, by their absolute paths, with the number of rows of a chunk of the copy; 0:
// as in the file.
using Emptied = std::map<std::string, hsize_t>;

// The bytes of that file. Adds to `lost` what cannot be copied or is too large.
std::vector<unsigned char> skeleton(hid_t file, const Emptied& emptied, std::vector<std::string>& lost);

}  // namespace h5tracks::hdf5
