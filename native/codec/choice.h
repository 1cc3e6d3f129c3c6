// Which filters of its dataset a chunk is stored with: HDF5 lets each chunk skip some. Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec/pipeline.h"

namespace h5tracks::codec {

struct Chosen {
  Bytes bytes;
  std::uint32_t skipped = 0;  // a bit for each step of the chain that was skipped: HDF5's filter mask
};

// Like Pipeline::encode. With kThorough and kSmallest, the chunk skips a shuffle that does not pay: kThorough asks a
// sample, and kSmallest tries both.
Chosen encode_well(const Pipeline& filters, const unsigned char* values, std::size_t bytes, const Effort& effort);

}  // namespace h5tracks::codec
