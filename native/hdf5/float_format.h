// The bits of a float as HDF5 describes them, and the value that they stand for.
#pragma once

#include <hdf5.h>

#include <array>
#include <cstdint>
#include <optional>

namespace h5tracks::hdf5 {

__extension__ typedef unsigned __int128 Uint128;

// A number is significand x 2^(exponent - 127); the significand's highest bit is set.
struct FloatValue {
  enum class Kind { kZero, kNumber, kInfinity, kNan };

  Kind kind;
  bool negative;
  std::int64_t exponent = 0;
  Uint128 significand = 0;  // of a NaN: its payload, from the highest bit down
};

class FloatFormat {
 public:
  // Nothing for a float of more than 16 bytes, or one whose fields make no float. Caller holds the Lock.
  static std::optional<FloatFormat> of(hid_t type);

  std::size_t size() const { return size_; }
  bool is_binary32() const { return binary32_; }
  bool is_binary64() const { return binary64_; }
  // The same as another, but that one may be big-endian and the other little-endian.
  bool differs_by_order(const FloatFormat& other) const;

  // The bytes of an element as a number, and back.
  template <typename Word>
  Word load(const unsigned char* bytes) const {
    Word word = 0;
    for (std::size_t i = 0; i < size_; ++i) word |= static_cast<Word>(bytes[at_[i]]) << (8 * i);
    return word;
  }
  template <typename Word>
  void store(Word word, unsigned char* bytes) const {
    for (std::size_t i = 0; i < size_; ++i) bytes[at_[i]] = static_cast<unsigned char>(word >> (8 * i));
  }

  FloatValue decode(Uint128 word) const;
  // The nearest value that the format has; of two, the one whose last bit is 0. Beyond the largest: infinity.
  Uint128 encode(const FloatValue& value) const;

 private:
  FloatFormat() = default;

  // Bits of the significand that stand in the file behind its first one.
  unsigned fraction_bits() const { return mantissa_bits_ - (implied_ ? 0 : 1); }
  Uint128 assemble(bool negative, std::uint64_t exponent, bool leading, Uint128 fraction) const;
  Uint128 encode_number(const FloatValue& value) const;

  std::size_t size_ = 0;
  std::array<unsigned char, 16> at_{};  // where the bytes lie, the lowest first
  unsigned sign_ = 0, exponent_ = 0, exponent_bits_ = 0, mantissa_ = 0, mantissa_bits_ = 0;
  std::int64_t bias_ = 0;
  bool implied_ = true, vax_ = false;
  bool binary32_ = false, binary64_ = false;
  Uint128 unused_ = 0;  // the bits that are no part of the number, as they are to stand
};

}  // namespace h5tracks::hdf5
