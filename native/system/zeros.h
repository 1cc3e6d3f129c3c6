// Space on the disk where neither the system nor the file system can reserve it. Knows the C library only.
#pragma once

#include <cstdint>

#include "system/file.h"

namespace h5tracks::system {

// Writes zeros from `from` to `end`. False with errno set.
bool write_zeros(FileNumber file, std::uint64_t from, std::uint64_t end);

}  // namespace h5tracks::system
