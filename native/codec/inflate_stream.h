// Where an inflater is in its input and its output. Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <cstdint>

namespace h5tracks::codec {

struct InflateStream {
  const unsigned char* in;
  const unsigned char* in_end;
  unsigned char* out;
  unsigned char* out_begin;
  unsigned char* out_end;   // of what is asked for
  unsigned char* room_end;  // of what may be written to

  // Bits taken out of the input and not used yet, the next one lowest; above `left` of them there are none.
  std::uint64_t buffer = 0;
  unsigned left = 0;

  std::size_t in_left() const { return static_cast<std::size_t>(in_end - in); }
  std::size_t out_left() const { return static_cast<std::size_t>(out_end - out); }

  // To 56 bits at least, or to all there are; never to 64, by which nothing could be shifted.
  void refill() {
    while (left < 56 && in < in_end) {
      buffer |= std::uint64_t{*in++} << left;
      left += 8;
    }
  }
  // False: there are not so many.
  bool drop(unsigned bits) {
    if (bits > left) return false;
    buffer >>= bits;
    left -= bits;
    return true;
  }
  // At most 32.
  bool take(unsigned bits, unsigned& value) {
    if (left < bits) refill();
    value = static_cast<unsigned>(buffer & ((std::uint64_t{1} << bits) - 1));
    return drop(bits);
  }
  // Whole bytes go back to the input.
  void give_back() {
    in -= left / 8;
    left %= 8;
    buffer &= (1U << left) - 1;
  }
};

}  // namespace h5tracks::codec
