// A copy of a file in which some datasets have no rows: recovery starts from it when a run appended to existing data.
// Caller holds the Lock.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// The bytes of such a file. `emptied`: the absolute paths of datasets that come without their rows. What cannot be
// brought along, or is too large, is told in `lost`.
std::vector<unsigned char> skeleton(hid_t file, const std::set<std::string>& emptied, std::vector<std::string>& lost);

}  // namespace h5tracks::hdf5
