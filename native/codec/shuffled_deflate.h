// Byte shuffle (optional) and deflate as one step: the filters of most chunks. Part of pipeline.h. Knows neither Node
// nor HDF5.
#pragma once

#include <cstddef>
#include <vector>

namespace h5tracks::codec {

using Bytes = std::vector<unsigned char>;

// All write zlib streams.
enum class Encoder {
  kLibdeflate,  // at the given level
  kFast,        // our own (fast_deflate.h), which has no levels
  kThorough,    // our own, with a search at all distances where that saves enough
  kSmallest,    // the smaller one of kThorough and libdeflate at its highest level; slow
  kFastOrBest,  // kFast, but libdeflate's lowest level for bytes that our own hardly compresses and it does
};

// How to deflate. `element_bytes` and `row_bytes` say how far apart kFast should look for similar bytes: one value and
// one row (0: unknown).
struct Effort {
  Encoder encoder = Encoder::kLibdeflate;
  int level = 0;
  std::size_t element_bytes = 1, row_bytes = 0;
};

// `shuffled`: bytes of an element; 1: no shuffle. Both functions are thread-safe: each thread has its own scratch
// memory.
Bytes deflate_chunk(const unsigned char* values, std::size_t bytes, std::size_t shuffled, const Effort& effort);
// Decodes exactly `bytes` bytes of values. False: `encoded` is not such a chunk.
bool inflate_chunk(const unsigned char* encoded, std::size_t encoded_bytes, std::size_t shuffled, unsigned char* values,
                   std::size_t bytes);

// "libdeflate 1.23"
const char* codec_version();

}  // namespace h5tracks::codec
