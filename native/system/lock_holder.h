// The processes that hold the lock of advisory_lock.h on a file, as far as the system reports them. For messages only:
// the lock itself decides whether a file is locked. Knows the C library only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "system/file.h"

namespace h5tracks::system {

struct LockHolder {
  std::int64_t pid = 0;
  std::string command;
};

// Each process once. A process cannot be named if it is in another pid namespace, or if it ended and a child inherited
// the lock.
std::vector<LockHolder> lock_holders(FileNumber file);

}  // namespace h5tracks::system
