// Initialises libhdf5 once, before its first use: our errors, filters and conversions.
#include <hdf5.h>

#include "hdf5/core/error_stack.h"
#include "hdf5/core/lock.h"
#include "hdf5/file/plugins.h"
#include "hdf5/type/float_conversion.h"

namespace h5tracks::hdf5 {

void start_library() {
  H5open();
  register_errors();
  register_lzf();
  register_float_conversions();
  // A file must not make us load code.
  H5PLset_loading_state(0);
}

}  // namespace h5tracks::hdf5
