// What the bits of a DEFLATE block mean: tables that are asked with the next bits of the stream (RFC 1951, 3.2.2 to
// 3.2.6). Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace h5tracks::codec {

// An answer says in its lowest six bits how many bits of the stream it takes, those of the code and the extra ones
// together, so that a shift can take the answer as it is. What else is in it:
//   literals   one to six bytes: their number in bits 8-15, they themselves from bit 16 on
//   special    a table for longer codes (its first entry from bit 16 on), the end of the block, or no code at all
//   otherwise  a length or a distance: bits of the code alone in bits 8-15, its least value from bit 16 on
constexpr unsigned kTaken = 0x3f;
constexpr unsigned kLiterals = 0x40;
constexpr unsigned kSpecial = 0x80;
constexpr unsigned kLonger = 0x100;
constexpr unsigned kEndOfBlock = 0x200;
// Special, and neither of these: not a code.

constexpr unsigned kLongestCode = 15;
constexpr std::size_t kMostLiterals = 6;

class LiteralTable {
 public:
  static constexpr unsigned kBits = 11;
  // False: these lengths, at most 288, make no code.
  bool build(const std::uint8_t* lengths, std::size_t count);
  const std::uint64_t* entries() const { return entries_.data(); }

 private:
  struct Sequence {
    std::uint64_t entry;
    std::size_t bits;
  };
  // Each prefix of longer codes has two of them at least, and a table for all that can follow.
  std::array<std::uint64_t, (1U << kBits) + (288 / 2 << (kLongestCode - kBits))> entries_;
  std::array<Sequence, 1U << kBits> sequences_;
};

class DistanceTable {
 public:
  static constexpr unsigned kBits = 10;
  bool build(const std::uint8_t* lengths, std::size_t count);  // at most 32
  const std::uint32_t* entries() const { return entries_.data(); }

 private:
  std::array<std::uint32_t, (1U << kBits) + (32 / 2 << (kLongestCode - kBits))> entries_;
};

// The code in which the lengths of the other two are sent. Its answers have the symbol from bit 16 on.
class LengthTable {
 public:
  static constexpr unsigned kBits = 7;
  bool build(const std::uint8_t* lengths, std::size_t count);  // at most 19
  const std::uint32_t* entries() const { return entries_.data(); }

 private:
  std::array<std::uint32_t, 1U << kBits> entries_;
};

}  // namespace h5tracks::codec
