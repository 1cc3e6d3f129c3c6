#include "hdf5/core/lock.h"

#include <hdf5.h>

#include "hdf5/core/error_stack.h"
#include "hdf5/file/plugins.h"
#include "hdf5/type/float_conversion.h"

namespace h5tracks::hdf5 {

namespace {

// Never destroyed: threads of ours may still stand here while static destructors run.
std::recursive_mutex& library_mutex() {
  static auto* mutex = new std::recursive_mutex;
  return *mutex;
}

}  // namespace

Lock::Lock() : held_(library_mutex()) {
  static bool initialised = false;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  if (initialised) return;
  H5open();
  register_errors();
  register_lzf();
  register_float_conversions();
  // No code of others is loaded because a file asks for it.
  H5PLset_loading_state(0);
  initialised = true;
}

}  // namespace h5tracks::hdf5
