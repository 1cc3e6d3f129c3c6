// The bits of an integer as HDF5 describes them, and their value as floats have it.
#pragma once

#include "hdf5/type/float_format.h"

namespace h5tracks::hdf5 {

class IntegerFormat {
 public:
  // Nothing for an integer of more than 16 bytes. Caller holds the Lock.
  static std::optional<IntegerFormat> of(hid_t type);

  const ElementBytes& bytes() const { return bytes_; }

  FloatValue decode(Uint128 word) const;
  // Without its fraction; of what is beyond the integer's range the nearest in it, of NaN 0.
  Uint128 encode(const FloatValue& value) const;

 private:
  explicit IntegerFormat(ElementBytes bytes) : bytes_(bytes) {}

  ElementBytes bytes_;
  unsigned precision_ = 0, offset_ = 0;
  bool signed_ = false;
  Uint128 unused_ = 0;  // the bits that are no part of the number, as they are to stand
};

}  // namespace h5tracks::hdf5
