#include "hdf5/core/lock.h"

#include <hdf5.h>

namespace h5tracks::hdf5 {

namespace {

// Never destroyed, because our threads may wait here while static destructors run.
std::recursive_mutex& library_mutex() {
  static auto* mutex = new std::recursive_mutex;
  return *mutex;
}

}  // namespace

Lock::Lock() : held_(library_mutex()) {
  static bool initialised = false;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  if (initialised) return;
  start_library();
  initialised = true;
}

}  // namespace h5tracks::hdf5
