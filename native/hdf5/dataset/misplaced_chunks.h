// Corrects the chunk offsets that HDF5 reports wrongly. In a file of the latest format, the chunks of a dataset whose
// one unlimited axis is not the first are indexed by an array with that axis first; HDF5 (up to 1.14.6, and 2.0) lists
// them as if the axes were in their own order. Reads and writes of chunks are right. Caller holds the Lock.
#pragma once

#include <optional>

#include "hdf5/core/handle.h"
#include "hdf5/core/shape.h"

namespace h5tracks::hdf5 {

class MisplacedChunks {
 public:
  // None where the places are right as they are reported.
  static std::optional<MisplacedChunks> of(hid_t dataset);

  // Puts the right offset of a chunk in place of the one that HDF5 tells.
  void mend(hsize_t* offset) const;

 private:
  std::size_t unlimited_ = 0;  // the axis
  Shape chunk_, most_;         // elements in a chunk; chunks along an axis, but for that one
};

}  // namespace h5tracks::hdf5
