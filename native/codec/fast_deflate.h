// A DEFLATE encoder for chunks of numbers whose shape is known: instead of searching for matches anywhere it looks at a
// few distances, and it ends its blocks where the kind of the bytes changes. Makes ordinary zlib streams (RFC 1950).
// Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <vector>

namespace h5tracks::codec {

// Any values give a correct stream; these give a small one.
struct ChunkLayout {
  std::size_t section =
      0;  // bytes after which another kind of bytes begins: a byte plane of shuffled values; 0: all alike
  std::size_t near = 1;  // distances in bytes at which equal bytes are likely: the next value …
  std::size_t far = 0;   // … and the next row; 0: none
};

// Never more than the same bytes would take in stored blocks. Safe to call from several threads at once.
std::vector<unsigned char> fast_deflate(const unsigned char* in, std::size_t bytes, const ChunkLayout& layout);

}  // namespace h5tracks::codec
