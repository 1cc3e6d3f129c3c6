// Conversions between floats, and between floats and integers, that replace HDF5's.
#pragma once

namespace h5tracks::hdf5 {

// Fixes errors of HDF5 (all versions up to 1.14.6). Its software conversion rounds some values wrongly once it has
// converted a subnormal, and does not overflow to infinity when rounding up. Its hardware conversion turns numbers that
// round down to the largest float32 into infinity. Converted from float to integer in software, values between -1 and 0
// become the smallest integer; from integer to float, values that are too large become NaN. Called once, when the
// library is initialised. The caller holds the Lock.
void register_float_conversions();

}  // namespace h5tracks::hdf5
