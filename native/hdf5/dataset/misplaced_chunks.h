// Corrects chunk offsets that HDF5 (up to 1.14.6, and 2.0) reports wrongly. In files of the latest format, if a
// dataset's only unlimited axis is not its first, the extensible array that indexes its chunks has that axis first.
// H5Dget_chunk_info and the like ignore that. Reading and writing chunks is correct. The caller holds the Lock.
#pragma once

#include <optional>

#include "hdf5/core/handle.h"
#include "hdf5/core/shape.h"

namespace h5tracks::hdf5 {

class MisplacedChunks {
 public:
  // None: HDF5 reports this dataset's offsets correctly.
  static std::optional<MisplacedChunks> of(hid_t dataset);

  // Replaces the offset that HDF5 reports by the correct one.
  void mend(hsize_t* offset) const;

 private:
  std::size_t unlimited_ = 0;  // the unlimited axis
  Shape chunk_, most_;         // elements of a chunk; number of chunks along each other axis
};

}  // namespace h5tracks::hdf5
