// The positions of an inflater in its input and output. Knows neither Node nor HDF5.
#pragma once

#include <cstddef>
#include <cstdint>

namespace h5tracks::codec {

struct InflateStream {
  const unsigned char* in;
  const unsigned char* in_end;
  unsigned char* out;
  unsigned char* out_begin;
  unsigned char* out_end;   // end of the requested bytes
  unsigned char* room_end;  // end of the memory that may be overwritten

  // Bits read from the input and not used yet, the next one lowest. Bits above the `left` lowest are zero.
  std::uint64_t buffer = 0;
  unsigned left = 0;

  std::size_t in_left() const { return static_cast<std::size_t>(in_end - in); }
  std::size_t out_left() const { return static_cast<std::size_t>(out_end - out); }

  // Fills the buffer to 56 bits or more, or to the end of the input; never to 64, because a shift by 64 is undefined.
  void refill() {
    while (left < 56 && in < in_end) {
      buffer |= std::uint64_t{*in++} << left;
      left += 8;
    }
  }
  // False: fewer bits are left.
  bool drop(unsigned bits) {
    if (bits > left) return false;
    buffer >>= bits;
    left -= bits;
    return true;
  }
  // `bits` is at most 32.
  bool take(unsigned bits, unsigned& value) {
    if (left < bits) refill();
    value = static_cast<unsigned>(buffer & ((std::uint64_t{1} << bits) - 1));
    return drop(bits);
  }
  // Returns unused whole bytes to the input.
  void give_back() {
    in -= left / 8;
    left %= 8;
    buffer &= (1U << left) - 1;
  }
};

}  // namespace h5tracks::codec
