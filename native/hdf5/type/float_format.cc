#include "hdf5/type/float_format.h"

namespace h5tracks::hdf5 {

namespace {

constexpr Uint128 kTop = Uint128{1} << (kWordBits - 1);
// Larger than any exponent that a value can reach here.
constexpr std::size_t kLargestBias = std::size_t{1} << 40;
constexpr unsigned kMostExponentBits = 32;

Uint128 field(unsigned at, unsigned bits) { return at >= kWordBits ? 0 : ones(bits) << at; }

unsigned leading_zeros(Uint128 word) {
  const auto high = static_cast<std::uint64_t>(word >> 64), low = static_cast<std::uint64_t>(word);
  return static_cast<unsigned>(high ? __builtin_clzll(high) : 64 + __builtin_clzll(low));
}

// Drops the last `drop` bits, rounding to nearest, ties to even.
Uint128 rounded(Uint128 word, std::uint64_t drop) {
  if (drop == 0) return word;
  if (drop > kWordBits) return 0;
  const Uint128 half = Uint128{1} << (drop - 1);
  const Uint128 kept = drop == kWordBits ? 0 : word >> drop;
  const Uint128 rest = word & ones(static_cast<unsigned>(drop));
  return kept + (rest > half || (rest == half && (kept & 1)) ? 1 : 0);
}

}  // namespace

FloatValue FloatValue::of(bool negative, Uint128 magnitude) {
  if (magnitude == 0) return {Kind::kZero, false};
  const unsigned zeros = leading_zeros(magnitude);
  return {Kind::kNumber, negative, std::int64_t{kWordBits - 1} - zeros, magnitude << zeros};
}

Uint128 FloatValue::truncated() const {
  if (kind == Kind::kInfinity || (kind == Kind::kNumber && exponent >= kWordBits)) return ~Uint128{0};
  if (kind != Kind::kNumber || exponent < 0) return 0;
  return significand >> (kWordBits - 1 - static_cast<unsigned>(exponent));
}

std::optional<FloatFormat> FloatFormat::of(hid_t type) {
  const auto bytes = ElementBytes::of(type);
  if (!bytes) return {};
  FloatFormat format(*bytes);
  std::size_t sign = 0, exponent = 0, exponent_bits = 0, mantissa = 0, mantissa_bits = 0;
  if (H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0) return {};
  const std::size_t bits = 8 * bytes->size(), precision = H5Tget_precision(type), bias = H5Tget_ebias(type);
  const H5T_norm_t norm = H5Tget_norm(type);
  const int offset = H5Tget_offset(type);
  H5T_pad_t low = H5T_PAD_ZERO, high = H5T_PAD_ZERO;
  if (norm == H5T_NORM_ERROR || offset < 0 || H5Tget_pad(type, &low, &high) < 0) return {};
  const std::size_t first = static_cast<std::size_t>(offset);
  format.implied_ = norm == H5T_NORM_IMPLIED;
  const bool whole = sign < bits && exponent_bits > 0 && exponent_bits <= kMostExponentBits && exponent < bits &&
                     exponent + exponent_bits <= bits && mantissa_bits > (format.implied_ ? 0 : 1) &&
                     mantissa_bits < kWordBits && mantissa < bits && mantissa + mantissa_bits <= bits &&
                     bias <= kLargestBias && first <= bits && precision <= bits - first;
  if (!whole) return {};
  format.sign_ = static_cast<unsigned>(sign);
  format.exponent_ = static_cast<unsigned>(exponent);
  format.exponent_bits_ = static_cast<unsigned>(exponent_bits);
  format.mantissa_ = static_cast<unsigned>(mantissa);
  format.mantissa_bits_ = static_cast<unsigned>(mantissa_bits);
  format.bias_ = static_cast<std::int64_t>(bias);

  const auto from = static_cast<unsigned>(first), used = static_cast<unsigned>(precision);
  const Uint128 number = field(format.sign_, 1) | field(format.exponent_, format.exponent_bits_) |
                         field(format.mantissa_, format.mantissa_bits_);
  const unsigned end = from + used;
  const Uint128 all = ones(static_cast<unsigned>(bits));
  if (low == H5T_PAD_ONE) format.unused_ |= ones(from);
  if (high == H5T_PAD_ONE) format.unused_ |= all & ~ones(end);
  if (H5Tget_inpad(type) == H5T_PAD_ONE) format.unused_ |= field(from, used);
  format.unused_ &= all & ~number;

  const auto is = [&](unsigned size, unsigned wide, unsigned narrow) {
    return bytes->size() == size && format.implied_ && sign == 8 * size - 1 && exponent == narrow &&
           exponent_bits == wide && mantissa == 0 && mantissa_bits == narrow &&
           bias == (std::size_t{1} << (wide - 1)) - 1;
  };
  format.vax_ = H5Tget_order(type) == H5T_ORDER_VAX;
  format.binary32_ = is(4, 8, 23);
  format.binary64_ = is(8, 11, 52);
  return format;
}

bool FloatFormat::differs_by_order(const FloatFormat& other) const {
  const auto fields = [](const FloatFormat& one) {
    return std::array<std::uint64_t, 8>{
        one.bytes_.size(), one.sign_,          one.exponent_, one.exponent_bits_,
        one.mantissa_,     one.mantissa_bits_, one.implied_,  static_cast<std::uint64_t>(one.bias_)};
  };
  return fields(*this) == fields(other) && unused_ == other.unused_ && !vax_ && !other.vax_;
}

FloatValue FloatFormat::decode(Uint128 word) const {
  const bool negative = (word >> sign_ & 1) != 0;
  const auto exponent = static_cast<std::int64_t>(word >> exponent_ & ones(exponent_bits_));
  const Uint128 mantissa = (word >> mantissa_ & ones(mantissa_bits_)) << (kWordBits - mantissa_bits_);
  if (exponent == static_cast<std::int64_t>(ones(exponent_bits_))) {
    const Uint128 payload = implied_ ? mantissa : mantissa << 1;
    return {payload == 0 ? FloatValue::Kind::kInfinity : FloatValue::Kind::kNan, negative, 0, payload};
  }
  // Exponent 0 means the scale of exponent 1 without the implied bit.
  const std::int64_t scale = (exponent == 0 ? 1 : exponent) - bias_;
  if (implied_ && exponent != 0) return {FloatValue::Kind::kNumber, negative, scale, kTop | mantissa >> 1};
  if (mantissa == 0) return {FloatValue::Kind::kZero, negative};
  const unsigned zeros = leading_zeros(mantissa);
  return {FloatValue::Kind::kNumber, negative, scale - (implied_ ? 1 : 0) - zeros, mantissa << zeros};
}

Uint128 FloatFormat::assemble(bool negative, std::uint64_t exponent, bool leading, Uint128 fraction) const {
  const Uint128 explicit_bit = leading && !implied_ ? Uint128{1} << fraction_bits() : 0;
  return unused_ | Uint128{negative} << sign_ | Uint128{exponent} << exponent_ | (explicit_bit | fraction) << mantissa_;
}

Uint128 FloatFormat::encode(const FloatValue& value) const {
  const auto most = static_cast<std::uint64_t>(ones(exponent_bits_));
  switch (value.kind) {
    case FloatValue::Kind::kZero:
      return assemble(value.negative, 0, false, 0);
    case FloatValue::Kind::kInfinity:
      return assemble(value.negative, most, true, 0);
    case FloatValue::Kind::kNan: {
      // As much of the payload as fits, but not zero, which would mean infinity.
      const Uint128 payload = value.significand >> (kWordBits - fraction_bits());
      return assemble(value.negative, most, true, payload == 0 ? 1 : payload);
    }
    case FloatValue::Kind::kNumber:
      return encode_number(value);
  }
  return 0;
}

Uint128 FloatFormat::encode_number(const FloatValue& value) const {
  const auto most = static_cast<std::int64_t>(ones(exponent_bits_));
  const Uint128 one = Uint128{1} << fraction_bits();
  std::int64_t exponent = value.exponent + bias_;
  auto drop = static_cast<std::uint64_t>(kWordBits - 1 - fraction_bits());
  if (exponent < 1) {
    drop += static_cast<std::uint64_t>(1 - exponent);
    exponent = 1;
  }
  Uint128 significand = rounded(value.significand, drop);
  if (significand >> fraction_bits() > 1) {
    significand >>= 1;
    ++exponent;
  }
  if (significand < one) return assemble(value.negative, 0, false, significand);
  if (exponent >= most) return assemble(value.negative, static_cast<std::uint64_t>(most), true, 0);
  return assemble(value.negative, static_cast<std::uint64_t>(exponent), true, significand & (one - 1));
}

}  // namespace h5tracks::hdf5
