#include "hdf5/type/integer_format.h"

namespace h5tracks::hdf5 {

std::optional<IntegerFormat> IntegerFormat::of(hid_t type) {
  const auto bytes = ElementBytes::of(type);
  if (!bytes) return {};
  const std::size_t precision = H5Tget_precision(type), bits = 8 * bytes->size();
  const int offset = H5Tget_offset(type);
  H5T_pad_t low = H5T_PAD_ZERO, high = H5T_PAD_ZERO;
  if (precision == 0 || offset < 0 || H5Tget_pad(type, &low, &high) < 0) return {};
  if (static_cast<std::size_t>(offset) + precision > bits) return {};
  IntegerFormat format(*bytes);
  format.precision_ = static_cast<unsigned>(precision);
  format.offset_ = static_cast<unsigned>(offset);
  format.signed_ = H5Tget_sign(type) == H5T_SGN_2;
  if (low == H5T_PAD_ONE) format.unused_ |= ones(format.offset_);
  if (high == H5T_PAD_ONE) {
    format.unused_ |= ones(static_cast<unsigned>(bits)) & ~ones(format.offset_ + format.precision_);
  }
  return format;
}

FloatValue IntegerFormat::decode(Uint128 word) const {
  const Uint128 number = word >> offset_ & ones(precision_);
  const bool negative = signed_ && (number >> (precision_ - 1)) != 0;
  return FloatValue::of(negative, negative ? (~number + 1) & ones(precision_) : number);
}

Uint128 IntegerFormat::encode(const FloatValue& value) const {
  const Uint128 largest = ones(signed_ ? precision_ - 1 : precision_);
  const Uint128 most = value.negative ? (signed_ ? largest + 1 : 0) : largest;
  const Uint128 whole = value.truncated();
  const Uint128 magnitude = whole > most ? most : whole;
  return unused_ | ((value.negative ? ~magnitude + 1 : magnitude) & ones(precision_)) << offset_;
}

}  // namespace h5tracks::hdf5
