// Converts the bits of an integer, in any format that HDF5 can describe, to a FloatValue and back.
#pragma once

#include "hdf5/type/float_format.h"

namespace h5tracks::hdf5 {

class IntegerFormat {
 public:
  // None for an integer of more than 16 bytes. The caller holds the Lock.
  static std::optional<IntegerFormat> of(hid_t type);

  const ElementBytes& bytes() const { return bytes_; }

  FloatValue decode(Uint128 word) const;
  // Drops the fraction; clamps to the integer's range; 0 for NaN.
  Uint128 encode(const FloatValue& value) const;

 private:
  explicit IntegerFormat(ElementBytes bytes) : bytes_(bytes) {}

  ElementBytes bytes_;
  unsigned precision_ = 0, offset_ = 0;
  bool signed_ = false;
  Uint128 unused_ = 0;  // the value of the bits that are not a part of the number
};

}  // namespace h5tracks::hdf5
