// Locks one byte of a file for as long as its maker has it open. The lock ends with the process, and anybody can test
// it without taking it. Knows the C library only.
#pragma once

#include "system/file.h"

namespace h5tracks::system {

// Takes the lock through a file that is open for writing; it lasts until the file and its duplicates are closed.
// Returns 0, EAGAIN if another open file has the lock, or the errno of a file system without such locks (ENOLCK,
// ENOSYS, EOPNOTSUPP, EINVAL).
int hold(FileNumber file);

enum class Held { kNo, kYes, kUnknown };

// Whether another open file, in this or another process, has the lock. kUnknown: the file system has no such locks.
// Does not take the lock where the system can answer without that (Linux).
Held held_elsewhere(FileNumber file);

}  // namespace h5tracks::system
