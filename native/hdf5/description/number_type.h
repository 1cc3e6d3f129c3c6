// Converts integers, bit fields and floats from plain data and back, with the positions of their bits. Part of type.h.
// The caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// For integers and bit fields: adds { precision, offset, padding } if some bits are unused.
void describe_bits(hid_t type, std::size_t size, Map& map);
void make_bits(hid_t type, const DynamicValue& given);

// For IEEE formats: size and byte order; for others, also the layout of the bits.
Map describe_float(hid_t type, std::size_t size);
TypeId make_float(const DynamicValue& given);

}  // namespace h5tracks::hdf5
