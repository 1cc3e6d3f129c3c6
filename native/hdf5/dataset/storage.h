// How the values of a dataset are stored: the part that never changes. Caller holds the Lock.
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
  bool optional = false;  // chunks are stored without it where it fails
};

struct Storage {
  H5D_layout_t layout = H5D_CONTIGUOUS;
  std::optional<Shape> chunks;
  std::vector<FilterInfo> filters;
  bool filters_edges = true;             // also of chunks that are partly beyond the dataset's end
  bool external = false;                 // in files beside this one
  bool extent_depends_on_files = false;  // of a virtual dataset, which grows with its sources
};

// Making a list of a dataset's creation properties takes HDF5 as long as reading a few values.
Storage storage_of(hid_t dataset);

}  // namespace h5tracks::hdf5
