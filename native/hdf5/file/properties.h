// The options with which files are created and opened, and the property lists that follow from them. The caller holds
// the Lock.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <optional>
#include <utility>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

struct FileOptions {
  bool contained = true;  // files that this file names are not opened
  bool locking = true;
  bool accept_loss = false;  // also opens a file that its writer never closed
  bool swmr = false;         // to read while another process writes in SWMR mode, or to write in it
  std::optional<std::pair<H5F_libver_t, H5F_libver_t>> library_versions;
  hsize_t userblock = 0;
  bool track_order = false;
  // For a new file: metadata take little space as long as there are few links and chunks.
  bool compact = false;
  // If not 0: all new metadata are stored in one block of so many bytes, and raw data without gaps after it.
  hsize_t metadata_block = 0;
  // HDF5's chunk cache of each dataset.
  struct Cache {
    std::size_t slots, bytes;
    double preemption;
  };
  std::optional<Cache> cache;
  // For a new file: fill() gives it its contents, and HDF5 opens it only when it is needed.
  bool opened_later = false;
};

PropertiesId access_properties(const FileOptions& options);
PropertiesId creation_properties(const FileOptions& options);

}  // namespace h5tracks::hdf5
