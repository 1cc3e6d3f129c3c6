// Turns HDF5's error stack into an Error, and lets our file driver add to it. The caller holds the Lock.
#pragma once

#include "system/error.h"

namespace h5tracks::hdf5 {

// Called once, when the library is initialised, because it clears HDF5's error stack.
void register_errors();

// Pushes a failed system call of the file driver onto HDF5's error stack.
void push_system_error(int error_number, const char* syscall) noexcept;

// Takes and clears HDF5's current error stack. If the file driver pushed a failed system call, the Error is about that.
Error take_error();

}  // namespace h5tracks::hdf5
