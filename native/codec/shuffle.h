// HDF5's byte shuffle: all first bytes of the elements, then all second bytes, and so on.
// Knows neither Node nor HDF5.
#pragma once

#include <cstddef>

namespace h5tracks::codec {

// `bytes` is a multiple of `element_size`; `out` has room for as many and does not overlap `in`.
void shuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out);
void unshuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out);

}  // namespace h5tracks::codec
