// Converts the bits of a float, in any format that HDF5 can describe, to its value and back.
#pragma once

#include <cstdint>

#include "hdf5/type/element_bytes.h"

namespace h5tracks::hdf5 {

// A number's value is significand x 2^(exponent - 127), and the highest bit of the significand is set.
struct FloatValue {
  enum class Kind { kZero, kNumber, kInfinity, kNan };

  // The value of an integer.
  static FloatValue of(bool negative, Uint128 magnitude);
  // The magnitude without the fraction; the largest 128-bit number if it does not fit, 0 for NaN.
  Uint128 truncated() const;

  Kind kind;
  bool negative;
  std::int64_t exponent = 0;
  Uint128 significand = 0;  // of a NaN: its payload, aligned to the highest bit
};

class FloatFormat {
 public:
  // None for a float of more than 16 bytes, or one whose fields are inconsistent. The caller holds the Lock.
  static std::optional<FloatFormat> of(hid_t type);

  const ElementBytes& bytes() const { return bytes_; }
  bool is_binary32() const { return binary32_; }
  bool is_binary64() const { return binary64_; }
  // Whether the formats are equal except that one may be big-endian and the other little-endian.
  bool differs_by_order(const FloatFormat& other) const;

  FloatValue decode(Uint128 word) const;
  // Rounds to the nearest value of the format, ties to even; overflows to infinity.
  Uint128 encode(const FloatValue& value) const;

 private:
  explicit FloatFormat(ElementBytes bytes) : bytes_(bytes) {}

  // The bits of the significand after the leading one.
  unsigned fraction_bits() const { return mantissa_bits_ - (implied_ ? 0 : 1); }
  Uint128 assemble(bool negative, std::uint64_t exponent, bool leading, Uint128 fraction) const;
  Uint128 encode_number(const FloatValue& value) const;

  ElementBytes bytes_;
  unsigned sign_ = 0, exponent_ = 0, exponent_bits_ = 0, mantissa_ = 0, mantissa_bits_ = 0;
  std::int64_t bias_ = 0;
  bool implied_ = true, vax_ = false;
  bool binary32_ = false, binary64_ = false;
  Uint128 unused_ = 0;  // the value of the bits that are not a part of the number
};

}  // namespace h5tracks::hdf5
