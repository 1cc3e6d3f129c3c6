// Byte swap of numbers in the opposite byte order.
#pragma once

#include <cstddef>

namespace h5tracks::stream {

// Turns each number of `size` bytes; 0: nothing to turn.
void swap_bytes(unsigned char* values, std::size_t bytes, std::size_t size);

}  // namespace h5tracks::stream
