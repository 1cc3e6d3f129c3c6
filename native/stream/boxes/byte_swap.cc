#include "stream/boxes/byte_swap.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace h5tracks::stream {

namespace {

std::uint16_t swapped(std::uint16_t value) { return __builtin_bswap16(value); }
std::uint32_t swapped(std::uint32_t value) { return __builtin_bswap32(value); }
std::uint64_t swapped(std::uint64_t value) { return __builtin_bswap64(value); }

template <typename Number>
void swap_all(unsigned char* values, std::size_t bytes) {
  for (std::size_t at = 0; at + sizeof(Number) <= bytes; at += sizeof(Number)) {
    Number value;
    std::memcpy(&value, values + at, sizeof value);
    value = swapped(value);
    std::memcpy(values + at, &value, sizeof value);
  }
}

}  // namespace

void swap_bytes(unsigned char* values, std::size_t bytes, std::size_t size) {
  switch (size) {
    case 0:
    case 1:
      return;
    case 2:
      return swap_all<std::uint16_t>(values, bytes);
    case 4:
      return swap_all<std::uint32_t>(values, bytes);
    case 8:
      return swap_all<std::uint64_t>(values, bytes);
    default:
      for (std::size_t at = 0; at + size <= bytes; at += size) std::reverse(values + at, values + at + size);
  }
}

}  // namespace h5tracks::stream
