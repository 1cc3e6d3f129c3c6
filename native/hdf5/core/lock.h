// The one lock around libhdf5, for all threads of the process and every build of the library. Code that makes, uses or
// closes an HDF5 identifier holds it.
#pragma once

#include <mutex>

namespace h5tracks::hdf5 {

// Called by the first Lock, which is held meanwhile. Defined in hdf5/file/start.cc, because this room must not use that
// one.
void start_library();

class Lock {
 public:
  // The first Lock initialises the library. Each one disables HDF5's error printing, which is a per-thread setting in
  // thread-safe builds.
  Lock();

 private:
  // Recursive: an operation that fails half-way destroys objects, and their destructors take the Lock.
  std::unique_lock<std::recursive_mutex> held_;
};

}  // namespace h5tracks::hdf5
