// Locks of ranges of bytes far beyond the end of a file, where they keep nobody from reading and writing.
#pragma once

#include <cstdint>

#include "system/windows/handle.h"

namespace h5tracks::system {

// The lock of advisory_lock.h, that of byte_lock.h, and one byte for each process id that holds the former.
constexpr std::uint64_t kWholeFile = std::uint64_t{0x7fffffff} << 32, kHeld = kWholeFile + 1,
                        kHolders = std::uint64_t{0x7ffffff0} << 32;

// Does not wait. Returns 0, EAGAIN if another open file has a lock that excludes this one, or the errno; ENOLCK: the
// file system has no such locks.
int lock_range(FileNumber file, std::uint64_t from, std::uint64_t bytes, bool exclusive);
void unlock_range(FileNumber file, std::uint64_t from, std::uint64_t bytes);

}  // namespace h5tracks::system
