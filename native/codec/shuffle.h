// HDF5's byte shuffle: the first bytes of all elements, then their second bytes, and so on. Knows neither Node nor
// HDF5.
#pragma once

#include <cstddef>

namespace h5tracks::codec {

// `out` must have room for `bytes` and must not overlap `in`. Bytes after the last whole element stay where they are.
void shuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out);
void unshuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out);

}  // namespace h5tracks::codec
