// Errors about objects that exist and cannot be opened. Caller holds the Lock.
#pragma once

#include <string>

#include "system/error.h"

namespace h5tracks::hdf5 {

// `error`, where HDF5 refused, becomes ERR_DAMAGED and says that `what` is there. Others are what they are: a disk that
// cannot be read, too little memory.
void explain_damage(const std::string& what, Error& error);

// `error` becomes one of ours, with the same error stack.
void make_own(Error& error, const char* code, const std::string& message);

}  // namespace h5tracks::hdf5
