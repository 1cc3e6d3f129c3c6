// A file as it would be if some of its datasets had no rows: what recovery begins with when a run went on with a file
// that held data already. Caller holds the Lock.
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
