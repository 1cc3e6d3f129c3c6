// Converts creation properties from plain data and back (`creation` in lib/hdf5). The caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// For a group in the file of `near`: { trackOrder, attributePhase }
PropertiesId group_creation(const DynamicValue& options, hid_t near);

// For a dataset of type `type` in the file of `near`: { layout, chunks, fill, fillTime, allocation, filters, external,
// virtual, trackTimes, trackOrder, attributePhase }. What is missing gets HDF5's default.
PropertiesId dataset_creation(const DynamicValue& spec, hid_t type, hid_t space, hid_t near);

// The same description of an existing dataset's properties.
Map describe_creation(hid_t properties);

}  // namespace h5tracks::hdf5
