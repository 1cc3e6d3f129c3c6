// Filter pipelines as plain data: [{ id, name, options, optional }], or by name, with options that HDF5 computes. The
// caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"
#include "hdf5/dataset/storage.h"
#include "system/error.h"

namespace h5tracks::hdf5 {

// In the order of the list. 'nbit' and { scaleOffset } depend on the type.
void set_filters(hid_t properties, const List& filters, hid_t type);
List describe_filters(hid_t properties);

// Whether this process can apply the filter, and whether it can undo it.
bool can_encode(H5Z_filter_t id);
bool can_decode(H5Z_filter_t id);

// Throws ERR_UNSUPPORTED_FILTER if writing to a dataset needs a filter that is missing or can only decode. HDF5 would
// report that only when the file is closed.
void refuse_unwritable(const std::vector<FilterInfo>& filters, const std::string& path);
// Turns an error of a read into ERR_UNSUPPORTED_FILTER if one of the filters is missing.
void explain_unreadable(const std::vector<FilterInfo>& filters, Error& error);

}  // namespace h5tracks::hdf5
