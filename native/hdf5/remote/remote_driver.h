// A virtual file driver that reads from RemoteBytes. It never waits, and it does not write. The caller holds the Lock.
#pragma once

#include <hdf5.h>

#include "hdf5/remote/remote_bytes.h"

namespace h5tracks::hdf5 {

// With `access`, HDF5 opens these bytes, whatever the name. They must outlive the open file.
void use_remote_driver(hid_t access, RemoteBytes& bytes);

}  // namespace h5tracks::hdf5
