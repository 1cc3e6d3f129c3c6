// Integers, bit fields and floats as plain data, and back, with the positions of their bits. Part of type.h. Caller
// holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// Adds { precision, offset, padding } as far as not all bits of all bytes are used: integers and bit fields.
void describe_bits(hid_t type, std::size_t size, Map& map);
void make_bits(hid_t type, const DynamicValue& given);

// Of IEEE's formats the size and order; of others the layout of their bits too.
Map describe_float(hid_t type, std::size_t size);
TypeId make_float(const DynamicValue& given);

}  // namespace h5tracks::hdf5
