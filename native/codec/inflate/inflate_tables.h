// Decoding tables for DEFLATE codes, indexed by the next bits of the stream (RFC 1951, 3.2.2 to 3.2.6). Knows neither
// Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace h5tracks::codec {

// The lowest six bits of an entry are the number of bits that it takes from the stream, code and extra bits together.
// They are lowest so that a shift can use the entry as it is. The rest depends on the kind of entry:
//   literals   one to six bytes: their number in bits 8-15, the bytes from bit 16 on
//   special    a second-level table (its first entry from bit 16 on), the end of the block, or an invalid code
//   otherwise  a length or a distance: the bits of the code alone in bits 8-15, the base value from bit 16 on
constexpr unsigned kTaken = 0x3f;
constexpr unsigned kLiterals = 0x40;
constexpr unsigned kSpecial = 0x80;
constexpr unsigned kLonger = 0x100;
constexpr unsigned kEndOfBlock = 0x200;
// An entry with kSpecial alone is an invalid code.

constexpr unsigned kLongestCode = 15;
constexpr std::size_t kMostLiterals = 6;

// A table is indexed by the next `bits()` bits of the stream, at most kBits. Fewer suffice if no code is longer.
class LiteralTable {
 public:
  static constexpr unsigned kBits = 11;
  // A wider table yields more literals at once and takes longer to build, so it depends on the bytes of `input` left.
  // False: the lengths, at most 288, are not a valid code.
  bool build(const std::uint8_t* lengths, std::size_t count, std::size_t input);
  const std::uint64_t* entries() const { return entries_.data(); }
  unsigned bits() const { return bits_; }

 private:
  struct Sequence {
    std::uint64_t entry;
    std::size_t bits;
  };
  unsigned bits_ = 0;
  // The first level, and a second-level table for each prefix of longer codes, of which every prefix has at least two.
  std::array<std::uint64_t, (1U << kBits) + (288 / 2 << (kLongestCode - kBits))> entries_;
  std::array<Sequence, 1U << kBits> sequences_;
};

class DistanceTable {
 public:
  static constexpr unsigned kBits = 10;
  bool build(const std::uint8_t* lengths, std::size_t count);  // at most 32 lengths
  const std::uint32_t* entries() const { return entries_.data(); }
  unsigned bits() const { return bits_; }

 private:
  unsigned bits_ = 0;
  std::array<std::uint32_t, (1U << kBits) + (32 / 2 << (kLongestCode - kBits))> entries_;
};

// The code in which a block sends the lengths of its other two codes. An entry has the symbol from bit 16 on.
class LengthTable {
 public:
  static constexpr unsigned kBits = 7;
  bool build(const std::uint8_t* lengths, std::size_t count);  // at most 19 lengths
  const std::uint32_t* entries() const { return entries_.data(); }
  unsigned bits() const { return bits_; }

 private:
  unsigned bits_ = 0;
  std::array<std::uint32_t, 1U << kBits> entries_;
};

}  // namespace h5tracks::codec
