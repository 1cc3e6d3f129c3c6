// Copies a file without the rows of some datasets: the file that recovery starts from if a run appended to existing
// data. The caller holds the Lock.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// The datasets to copy without their rows, by their absolute paths, with the number of rows of a chunk of the copy; 0:
// as in the file.
using Emptied = std::map<std::string, hsize_t>;

// A dataset whose copy is virtual: its shape, and what adds its sources to (creation properties, dataspace).
struct VirtualCopy {
  std::vector<hsize_t> shape;
  std::function<void(hid_t, hid_t)> add_sources;
};
using VirtualCopies = std::map<std::string, VirtualCopy>;

// The bytes of that file. Adds to `lost` what cannot be copied or is too large.
std::vector<unsigned char> skeleton(hid_t file, const Emptied& emptied, std::vector<std::string>& lost,
                                    const VirtualCopies& virtual_copies = {});

}  // namespace h5tracks::hdf5
