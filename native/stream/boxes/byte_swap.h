// Swaps the bytes of numbers in the opposite byte order.
#pragma once

#include <cstddef>

namespace h5tracks::stream {

// Swaps the bytes of each number of `size` bytes; 0: does nothing.
void swap_bytes(unsigned char* values, std::size_t bytes, std::size_t size);

}  // namespace h5tracks::stream
