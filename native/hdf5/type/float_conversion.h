// Conversions from and to floats, in place of HDF5's.
#pragma once

namespace h5tracks::hdf5 {

// HDF5's own conversion in software rounds some values wrongly once a subnormal number was among those before, and
// makes no infinity of what rounds up to it (all versions up to 1.14.6); the one by the processor makes infinity of
// numbers that round down to the largest float32. From float to integer in software, it makes the least integer of what
// is between -1 and 0, and from integer to float NaN of what is too large. Once, when the library is initialised.
// Caller holds the Lock.
void register_float_conversions();

}  // namespace h5tracks::hdf5
