#include "hdf5/identifiers.h"

#include "hdf5/call.h"
#include "hdf5/lock.h"

namespace h5tracks::hdf5 {

std::size_t count_identifiers() {
  const Lock lock;
  return static_cast<std::size_t>(call<H5Fget_obj_count>(hid_t{H5F_OBJ_ALL}, unsigned{H5F_OBJ_ALL}));
}

}  // namespace h5tracks::hdf5
