// Creation properties from plain data, and back (`creation` in lib/hdf5). Caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// Of a group in the file of `near`: { trackOrder, attributePhase }
PropertiesId group_creation(const DynamicValue& options, hid_t near);

// Of a dataset of that type in the file of `near`: { layout, chunks, fill, fillTime, allocation, filters, external,
// virtual, trackTimes, trackOrder, attributePhase }; nothing: HDF5's own.
PropertiesId dataset_creation(const DynamicValue& spec, hid_t type, hid_t space, hid_t near);

// The same told of a dataset that is there.
Map describe_creation(hid_t properties);

}  // namespace h5tracks::hdf5
