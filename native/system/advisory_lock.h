// A lock on a whole file, which refuses those that ask for it and nobody else (flock). It ends with the process.
#pragma once

#include "system/file.h"

namespace h5tracks::system {

// Does not wait. Returns 0, EAGAIN if another open file has a lock that excludes this one, or the errno; ENOLCK: the
// file system has no such locks.
int lock_file(FileNumber file, bool exclusive);
// Also for the file's duplicates.
void unlock_file(FileNumber file, bool exclusive);

}  // namespace h5tracks::system
