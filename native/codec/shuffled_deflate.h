// Deflate, with or without the byte shuffle before it, as one step: what most chunks are filtered by. Part of
// pipeline.h. Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <vector>

namespace h5tracks::codec {

using Bytes = std::vector<unsigned char>;

// Both make zlib's format.
enum class Encoder {
  kLibdeflate,  // at the level given
  kFast,        // ours (fast_deflate.h), which has no levels
};

// How to deflate. `element_bytes` and `row_bytes` tell kFast how far back similar bytes are: in the value before and in
// the row before (0: not known).
struct Effort {
  Encoder encoder = Encoder::kLibdeflate;
  int level = 0;
  std::size_t element_bytes = 1, row_bytes = 0;
};

// `shuffled`: the bytes of an element that is shuffled before; 1: not shuffled. Both are safe to call from several
// threads at once: each keeps its own scratch memory.
Bytes deflate_chunk(const unsigned char* values, std::size_t bytes, std::size_t shuffled, const Effort& effort);
// The values back, exactly `bytes` of them. False: these are not the bytes of such a chunk.
bool inflate_chunk(const unsigned char* encoded, std::size_t encoded_bytes, std::size_t shuffled, unsigned char* values,
                   std::size_t bytes);

// "libdeflate 1.23"
const char* codec_version();

}  // namespace h5tracks::codec
