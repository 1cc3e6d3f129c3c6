// The bits of a float as HDF5 describes them, and the value that they stand for.
#pragma once

#include <cstdint>

#include "hdf5/type/element_bytes.h"

namespace h5tracks::hdf5 {

// A number is significand x 2^(exponent - 127); the significand's highest bit is set.
struct FloatValue {
  enum class Kind { kZero, kNumber, kInfinity, kNan };

  // Of a whole number.
  static FloatValue of(bool negative, Uint128 magnitude);
  // Its magnitude without the fraction; of what is beyond 128 bits all of them, of NaN 0.
  Uint128 truncated() const;

  Kind kind;
  bool negative;
  std::int64_t exponent = 0;
  Uint128 significand = 0;  // of a NaN: its payload, from the highest bit down
};

class FloatFormat {
 public:
  // Nothing for a float of more than 16 bytes, or one whose fields make no float. Caller holds the Lock.
  static std::optional<FloatFormat> of(hid_t type);

  const ElementBytes& bytes() const { return bytes_; }
  bool is_binary32() const { return binary32_; }
  bool is_binary64() const { return binary64_; }
  // The same as another, but that one may be big-endian and the other little-endian.
  bool differs_by_order(const FloatFormat& other) const;

  FloatValue decode(Uint128 word) const;
  // The nearest value that the format has; of two, the one whose last bit is 0. Beyond the largest: infinity.
  Uint128 encode(const FloatValue& value) const;

 private:
  explicit FloatFormat(ElementBytes bytes) : bytes_(bytes) {}

  // Bits of the significand that stand in the file behind its first one.
  unsigned fraction_bits() const { return mantissa_bits_ - (implied_ ? 0 : 1); }
  Uint128 assemble(bool negative, std::uint64_t exponent, bool leading, Uint128 fraction) const;
  Uint128 encode_number(const FloatValue& value) const;

  ElementBytes bytes_;
  unsigned sign_ = 0, exponent_ = 0, exponent_bits_ = 0, mantissa_ = 0, mantissa_bits_ = 0;
  std::int64_t bias_ = 0;
  bool implied_ = true, vax_ = false;
  bool binary32_ = false, binary64_ = false;
  Uint128 unused_ = 0;  // the bits that are no part of the number, as they are to stand
};

}  // namespace h5tracks::hdf5
