// The extent of a dataset, or an offset in it: one number for each axis.
#pragma once

#include <hdf5.h>

#include <vector>

namespace h5tracks::hdf5 {

using Shape = std::vector<hsize_t>;

}  // namespace h5tracks::hdf5
