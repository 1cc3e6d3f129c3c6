// HDF5's error stack: turned into an Error, and extended by our file driver. Caller holds the Lock.
#pragma once

#include "system/error.h"

namespace h5tracks::hdf5 {

// Once, when the library is initialised: doing so clears HDF5's error stack.
void register_errors();

// Puts a failed system call of the file driver on HDF5's error stack. Caller holds the Lock.
void push_system_error(int error_number, const char* syscall) noexcept;

// Takes HDF5's current error stack. Where the file driver put a failed system call there, that is what it says.
Error take_error();

}  // namespace h5tracks::hdf5
