// How a dataset's values are stored: the properties that never change. The caller holds the Lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hdf5/dataset/box.h"

namespace h5tracks::hdf5 {

struct FilterInfo {
  int id = 0;
  std::string name;
  std::vector<unsigned> options;
  bool optional = false;  // if the filter fails, chunks are stored without it
};

struct Storage {
  H5D_layout_t layout = H5D_CONTIGUOUS;
  std::optional<Shape> chunks;
  std::vector<FilterInfo> filters;
  bool filters_edges = true;             // whether chunks partly outside the dataset are filtered too
  bool external = false;                 // values lie in other files
  bool extent_depends_on_files = false;  // a virtual dataset that grows with its sources
};

// Slow: getting the creation properties takes HDF5 as long as reading a few values. Keep the result.
Storage storage_of(hid_t dataset);

}  // namespace h5tracks::hdf5
