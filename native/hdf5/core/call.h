// Calls an HDF5 function and throws when it fails: call<H5Dopen2>(file, path, H5P_DEFAULT).
#pragma once

#include <hdf5.h>

#include "hdf5/core/error_stack.h"

namespace h5tracks::hdf5 {

// All functions that are called this way report failure by a negative result.
template <auto Function, typename... Args>
auto call(Args... args) {
  const auto result = Function(args...);
  if (result < 0) throw take_error();
  return result;
}

}  // namespace h5tracks::hdf5
