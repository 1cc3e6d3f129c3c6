// The positions of an inflater in its input and output. Knows neither Node nor HDF5.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "system/little_endian.h"

namespace h5tracks::codec {

// With this much space after the output, the fast loop decodes all of it.
constexpr std::size_t kOutSlack = 352;

struct InflateStream {
  InflateStream(const unsigned char* begin, std::size_t in_bytes, unsigned char* to, std::size_t bytes,
                std::size_t room)
      : in(begin),
        in_end(begin + in_bytes),
        readable_end(in_end),
        out(to),
        out_begin(to),
        out_end(to + bytes),
        room_end(to + room) {}
  InflateStream(const InflateStream&) = delete;  // `in` may point into `tail_`
  InflateStream& operator=(const InflateStream&) = delete;

  const unsigned char* in;            // past `in_end` once bits that the input does not have were used
  const unsigned char* in_end;        // end of the input
  const unsigned char* readable_end;  // end of the memory that may be read
  unsigned char* out;
  unsigned char* out_begin;
  unsigned char* out_end;   // end of the requested bytes
  unsigned char* room_end;  // end of the memory that may be overwritten

  // Bits read from the input and not used yet, the next one lowest. Bits above the `left` lowest are zero or those
  // that follow in the input.
  std::uint64_t buffer = 0;
  unsigned left = 0;

  // More bits were used than the input has.
  bool is_overrun() const { return in > in_end; }
  std::size_t in_left() const { return static_cast<std::size_t>(in_end - in); }
  std::size_t readable() const { return static_cast<std::size_t>(readable_end - in); }
  std::size_t out_left() const { return static_cast<std::size_t>(out_end - out); }

  // Fills the buffer to 56 bits or more, or to the end of the input; never to 64, because a shift by 64 is undefined.
  void refill() {
    if (left >= 56) return;
    if (in_left() >= 8) {
      buffer |= system::load_64(in) << left;
      in += (63 - left) / 8;
      left |= 56;
      return;
    }
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

  // Copies the last bytes of the input to where zeros follow them, so that wide reads near the end are safe. At most
  // kTail bytes may be left, those in the buffer included.
  static constexpr std::size_t kTail = 32, kZeros = 32;
  void move_to_tail() {
    give_back();
    const std::size_t count = in_left();
    std::copy_n(in, count, tail_.begin());
    in = tail_.data();
    in_end = in + count;
    readable_end = in + tail_.size();
  }

 private:
  std::array<unsigned char, kTail + kZeros> tail_{};
};

}  // namespace h5tracks::codec
