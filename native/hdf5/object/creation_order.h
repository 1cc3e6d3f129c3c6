// Whether HDF5 tracks the creation order of an object's links and attributes. The caller holds the Lock.
#pragma once

#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

bool tracks_links(const Object& object);
bool tracks_attributes(const Object& object);

}  // namespace h5tracks::hdf5
