#include "hdf5/core/identifiers.h"

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"

namespace h5tracks::hdf5 {

std::size_t count_identifiers() {
  const Lock lock;
  constexpr unsigned kKinds = H5F_OBJ_FILE | H5F_OBJ_GROUP | H5F_OBJ_DATASET | H5F_OBJ_ATTR;
  return static_cast<std::size_t>(call<H5Fget_obj_count>(hid_t{H5F_OBJ_ALL}, kKinds));
}

}  // namespace h5tracks::hdf5
