#include "codec/lzf.h"

#include <cstring>

namespace h5tracks::codec {

// The format: a literal run begins with its length minus one (under 32). A match begins with three bits of its length
// minus two, continued in the next byte if all are set, and thirteen bits of its distance minus one.
std::optional<std::size_t> decode_lzf(const unsigned char* from, std::size_t size, unsigned char* into,
                                      std::size_t room) {
  const unsigned char* const end = from + size;
  std::size_t at = 0;
  while (from < end) {
    const unsigned head = *from++;
    std::size_t length;
    if (head < 32) {
      length = head + 1;
      if (length > static_cast<std::size_t>(end - from) || length > room - at) return std::nullopt;
      std::memcpy(into + at, from, length);
      from += length;
    } else {
      length = head >> 5;
      if (length == 7) {
        if (from == end) return std::nullopt;
        length += *from++;
      }
      length += 2;
      if (from == end) return std::nullopt;
      const std::size_t distance = ((head & 31) << 8 | *from++) + 1;
      if (distance > at || length > room - at) return std::nullopt;
      // Byte by byte, because a match may overlap its own output.
      for (std::size_t i = 0; i < length; ++i) into[at + i] = into[at + i - distance];
    }
    at += length;
  }
  return at;
}

}  // namespace h5tracks::codec
