// The processes that hold a flock on a file, as far as the system reports them (Linux: /proc/locks). For messages only:
// the lock itself decides whether a file is locked. Knows the C library only.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace h5tracks::system {

struct LockHolder {
  pid_t pid = 0;
  std::string command;
};

// Each process once. A process cannot be named if it is in another pid namespace, or if it ended and a child inherited
// the lock.
std::vector<LockHolder> lock_holders(dev_t device, ino_t inode);

}  // namespace h5tracks::system
