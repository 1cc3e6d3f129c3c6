// Copies a file without the rows of some datasets: the file that recovery starts from if a run appended to existing
// data. The caller holds the Lock.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// The bytes of that file. `emptied`: the absolute paths of the datasets to copy without their rows. Adds to `lost` what
// cannot be copied or is too large.
std::vector<unsigned char> skeleton(hid_t file, const std::set<std::string>& emptied, std::vector<std::string>& lost);

}  // namespace h5tracks::hdf5
