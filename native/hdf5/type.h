// Datatypes as plain data, exact both ways: what `describe` says, `make_type` makes an equal type (H5Tequal) of. The
// form is `Type` of lib/hdf5/types.ts. Caller holds the Lock.
#pragma once

#include "hdf5/handle.h"
#include "hdf5/tree.h"

namespace h5tracks::hdf5 {

Tree describe_type(hid_t type);

// Of such a description with everything said, or of a named type, which it then is.
TypeId make_type(const Tree& description);

}  // namespace h5tracks::hdf5
