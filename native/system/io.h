// Reads, writes and syncs a descriptor, continuing calls that are interrupted or partial. Knows the C library only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace h5tracks::system {

// Returns the bytes read, fewer than `size` only at the end of the file, or -1 with errno set.
std::ptrdiff_t read_fully(int descriptor, void* buffer, std::size_t size, std::uint64_t address);
// False with errno set.
bool write_fully(int descriptor, const void* bytes, std::size_t size, std::uint64_t address);
// Syncs the file's data to the disk. False with errno set.
bool sync_data(int descriptor);

// Whether growing a file to `end` bytes would end in SIGXFSZ (RLIMIT_FSIZE).
bool exceeds_size_limit(std::uint64_t end);

}  // namespace h5tracks::system
