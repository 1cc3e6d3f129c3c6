// The C++ type that corresponds to an element type.
#pragma once

#include <cstdint>

#include "hdf5/type/element.h"

namespace h5tracks::stream {

// Calls `action` with a value of that type.
template <typename Action>
auto with_type(hdf5::Element type, Action action) {
  switch (type) {
    case hdf5::Element::kInt8:
    case hdf5::Element::kBool:
      return action(std::int8_t{});
    case hdf5::Element::kUint8:
      return action(std::uint8_t{});
    case hdf5::Element::kInt16:
      return action(std::int16_t{});
    case hdf5::Element::kUint16:
      return action(std::uint16_t{});
    case hdf5::Element::kInt32:
      return action(std::int32_t{});
    case hdf5::Element::kUint32:
      return action(std::uint32_t{});
    case hdf5::Element::kInt64:
      return action(std::int64_t{});
    case hdf5::Element::kUint64:
      return action(std::uint64_t{});
    case hdf5::Element::kFloat32:
      return action(float{});
    case hdf5::Element::kFloat64:
      break;
  }
  return action(double{});
}

}  // namespace h5tracks::stream
