// Filter pipelines as plain data: [{ id, name, options, optional }], or by name, with options that HDF5 computes.
// Caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"
#include "hdf5/dataset/storage.h"
#include "system/error.h"

namespace h5tracks::hdf5 {

// In the order of the list. 'nbit' and { scaleOffset } ask for the type.
void set_filters(hid_t properties, const List& filters, hid_t type);
List describe_filters(hid_t properties);

// Whether this process has it for what is written, and for what is read.
bool can_encode(H5Z_filter_t id);
bool can_decode(H5Z_filter_t id);

// Throws ERR_UNSUPPORTED_FILTER where what is written into a dataset has to go through a filter that only reads here,
// or is not here: HDF5 would say so when the file is closed.
void refuse_unwritable(const std::vector<FilterInfo>& filters, const std::string& path);
// Makes that of an error in reading, where a filter is not here.
void explain_unreadable(const std::vector<FilterInfo>& filters, Error& error);

}  // namespace h5tracks::hdf5
