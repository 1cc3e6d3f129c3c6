// A DEFLATE encoder for chunks of numbers whose shape is known. It tries a few distances, searches at all of them only
// where that pays and it may take the time, and ends its blocks where the kind of bytes changes. Its output is an
// ordinary zlib stream (RFC 1950). Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <vector>

namespace h5tracks::codec {

// Hints: they change the size of the stream, never its correctness.
struct ChunkLayout {
  std::size_t section = 0;  // bytes of each homogeneous section: a byte plane of shuffled values; 0: no sections
  std::size_t near = 1;     // distances in bytes at which equal bytes are likely: the next value …
  std::size_t far = 0;      // … and the next row; 0: unknown
  bool thorough = false;    // search at all distances where that saves enough; slower
};

// The result is never larger than the same bytes in stored blocks. Thread-safe.
std::vector<unsigned char> fast_deflate(const unsigned char* in, std::size_t bytes, const ChunkLayout& layout);

}  // namespace h5tracks::codec
