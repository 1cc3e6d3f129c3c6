// Reads, writes and syncs an open file, continuing calls that are interrupted or partial. Knows the C library only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "system/file.h"

namespace h5tracks::system {

// Returns the bytes read, fewer than `size` only at the end of the file, or -1 with errno set.
std::ptrdiff_t read_fully(FileNumber file, void* buffer, std::size_t size, std::uint64_t address);
// False with errno set.
bool write_fully(FileNumber file, const void* bytes, std::size_t size, std::uint64_t address);
// Syncs the file's data to the disk. False with errno set.
bool sync_data(FileNumber file);

// Gives the bytes `from` to `end` of a file, of which it has those before `from`, space on the disk, so that writing
// them through a mapping cannot fail. The file grows. False with errno set.
bool allocate(FileNumber file, std::uint64_t from, std::uint64_t end);
// Reserves space on the disk beyond the end of the file, whose size stays. Does nothing where the system or the file
// system cannot. False with errno set.
bool reserve_beyond(FileNumber file, std::uint64_t from, std::uint64_t end);

// Whether growing a file to `end` bytes would end in SIGXFSZ (RLIMIT_FSIZE).
bool exceeds_size_limit(std::uint64_t end);

}  // namespace h5tracks::system
