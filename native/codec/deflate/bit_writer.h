// Writes bits in DEFLATE's order: the first bit goes to the lowest bit of its byte. Knows neither Node nor HDF5.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "system/little_endian.h"

namespace h5tracks::codec {

// Does not check for space: `out` must have 8 bytes more than are written.
class BitWriter {
 public:
  explicit BitWriter(unsigned char* out) : begin_(out), out_(out) {}

  // At most 57 bits may be put between two flushes. `bits` must be zero above its lowest `count` bits.
  void put(std::uint64_t bits, unsigned count) {
    buffer_ |= bits << used_;
    used_ += count;
  }

  void flush() {
    system::store_64(buffer_, out_);
    out_ += used_ >> 3;
    buffer_ >>= used_ & ~7U;
    used_ &= 7;
  }

  // The functions below expect a flushed writer and leave it flushed.

  void align() {
    used_ = (used_ + 7) & ~7U;
    flush();
  }
  // Call align() first.
  void put_bytes(const unsigned char* bytes, std::size_t count) {
    std::memcpy(out_, bytes, count);
    out_ += count;
  }

  // In bits from the beginning.
  std::size_t position() const { return 8 * static_cast<std::size_t>(out_ - begin_) + used_; }
  std::size_t bytes() const { return static_cast<std::size_t>(out_ - begin_); }

  // Copies `count` bits that were written earlier, at `position`, to the end.
  void repeat(std::size_t position, std::size_t count) {
    constexpr std::size_t at_once = 56;
    while (count > 0) {
      const std::size_t part = std::min(count, at_once);
      const std::uint64_t bits = system::load_64(begin_ + position / 8) >> (position % 8);
      put(bits & ((std::uint64_t{1} << part) - 1), static_cast<unsigned>(part));
      flush();
      position += part;
      count -= part;
    }
  }

 private:
  unsigned char* begin_;
  unsigned char* out_;
  std::uint64_t buffer_ = 0;
  unsigned used_ = 0;
};

}  // namespace h5tracks::codec
