// Makes of a chunk's values the bytes that HDF5's filters {shuffle, deflate} would have made of them, and back.
// Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace h5tracks::codec {

// Who encodes; all encode the same format.
enum class Encoder {
  kLibdeflate,  // at the level given
  kFast,        // ours (fast_deflate.h), which has no levels
};

struct ChunkFilters {
  bool shuffle = false;
  std::optional<int> deflate;  // level 0-9; none: no deflate filter
  // These do not matter to decoding.
  Encoder encoder = Encoder::kLibdeflate;
  std::size_t row_bytes = 0;  // of the values: tells kFast how far back similar ones are; 0: not known
};

using Bytes = std::vector<unsigned char>;

// Safe to call from several threads at once: each keeps its own working memory.
Bytes encode_chunk(const void* values, std::size_t bytes, std::size_t element_size, const ChunkFilters& filters);

// The values back, exactly `bytes` of them. False: these are not the bytes of such a chunk.
bool decode_chunk(const unsigned char* encoded, std::size_t encoded_bytes, std::size_t element_size,
                  const ChunkFilters& filters, void* values, std::size_t bytes);

inline bool decode_chunk(const Bytes& encoded, std::size_t element_size, const ChunkFilters& filters, void* values,
                         std::size_t bytes) {
  return decode_chunk(encoded.data(), encoded.size(), element_size, filters, values, bytes);
}

// "libdeflate 1.23"
const char* codec_version();

}  // namespace h5tracks::codec
