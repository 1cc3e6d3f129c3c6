// Explains errors about objects that exist but cannot be opened. The caller holds the Lock.
#pragma once

#include <string>

#include "system/error.h"

namespace h5tracks::hdf5 {

// Turns an error of HDF5 into ERR_DAMAGED, which says that `what` exists. Leaves other errors, such as a failing disk
// or too little memory, unchanged.
void explain_damage(const std::string& what, Error& error);

// Replaces code and message of `error`, and keeps its error stack.
void make_own(Error& error, const char* code, const std::string& message);

}  // namespace h5tracks::hdf5
