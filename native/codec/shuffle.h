// HDF5's byte shuffle: all first bytes of the elements, then all second bytes, and so on.
// Knows neither Node nor HDF5.
#pragma once

#include <cstddef>

namespace h5tracks::codec {

// `out` has room for `bytes` and does not overlap `in`. What is behind the last whole element stays there.
void shuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out);
void unshuffle(const unsigned char* in, std::size_t bytes, std::size_t element_size, unsigned char* out);

}  // namespace h5tracks::codec
