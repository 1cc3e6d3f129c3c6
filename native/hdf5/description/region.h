// Converts selections of dataspaces to bytes and back: a letter for the kind, the number of axes, and 64-bit numbers.
// The caller holds the Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// Appends the selection of `space` to `into`. Throws ERR_TOO_LARGE if it has too many blocks.
void append_selection(hid_t space, Bytes& into);

// Applies the selection to `space`. Throws ERR_INVALID_ARGUMENT if the bytes are not a selection of its rank.
void apply_selection(const View& bytes, hid_t space);

}  // namespace h5tracks::hdf5
