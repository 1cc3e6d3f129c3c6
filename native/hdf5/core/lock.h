// The one lock around libhdf5, in every build of it and across all threads of the process. Code that makes, uses or
// closes an HDF5 identifier holds it.
#pragma once

#include <mutex>

namespace h5tracks::hdf5 {

// What the first Lock calls, holding it. Defined in hdf5/file/start.cc, which knows the rooms above this one.
void start_library();

class Lock {
 public:
  // The first one initialises the library. Each one silences HDF5's printing, which is a
  // per-thread setting in thread-safe builds.
  Lock();

 private:
  // Recursive: an operation that fails half-way drops objects, and dropping one takes the Lock.
  std::unique_lock<std::recursive_mutex> held_;
};

}  // namespace h5tracks::hdf5
