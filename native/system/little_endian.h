// Loads and stores 8-byte little-endian numbers on any machine. Knows neither Node nor HDF5.
#pragma once

#include <cstdint>
#include <cstring>

namespace h5tracks::system {

inline std::uint64_t little_endian(std::uint64_t value) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(value);
#else
  return value;
#endif
}

inline std::uint64_t load_64(const unsigned char* from) {
  std::uint64_t value;
  std::memcpy(&value, from, sizeof value);
  return little_endian(value);
}

inline void store_64(std::uint64_t value, unsigned char* to) {
  value = little_endian(value);
  std::memcpy(to, &value, sizeof value);
}

}  // namespace h5tracks::system
