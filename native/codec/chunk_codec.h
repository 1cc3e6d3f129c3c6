// Makes of a chunk's values the bytes that HDF5's filters {shuffle, deflate} would have made of them, and back.
// Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace h5tracks::codec {

struct ChunkFilters {
  bool shuffle = false;
  std::optional<int> deflate;  // level 0-9; none: no deflate filter
};

using Bytes = std::vector<unsigned char>;

// Safe to call from several threads at once: each keeps its own working memory.
Bytes encode_chunk(const void* values, std::size_t bytes, std::size_t element_size, const ChunkFilters& filters);

// The values back, exactly `bytes` of them. False: these are not the bytes of such a chunk.
bool decode_chunk(const Bytes& encoded, std::size_t element_size, const ChunkFilters& filters, void* values,
                  std::size_t bytes);

// "libdeflate 1.23"
const char* codec_version();

}  // namespace h5tracks::codec
