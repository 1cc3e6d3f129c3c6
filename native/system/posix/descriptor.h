// The file descriptor in a FileNumber.
#pragma once

#include "system/file.h"

namespace h5tracks::system {

inline int descriptor_of(FileNumber file) { return static_cast<int>(file); }

}  // namespace h5tracks::system
