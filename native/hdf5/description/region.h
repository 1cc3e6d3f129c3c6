// Selections of dataspaces as bytes: a letter for their kind, the number of axes, and 64-bit numbers. Caller holds the
// Lock.
#pragma once

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// Puts the selection of `space` behind `into`. Throws ERR_TOO_LARGE for one of very many blocks.
void append_selection(hid_t space, Bytes& into);

// Selects the same in `space`. Throws ERR_INVALID_ARGUMENT for what is no selection of so many axes.
void apply_selection(const View& bytes, hid_t space);

}  // namespace h5tracks::hdf5
