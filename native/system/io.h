// Whole reads and writes at an address of a descriptor: an interrupted or partial call is continued. Knows the C
// library only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace h5tracks::system {

// Bytes read, fewer than `size` only where the file ends; -1 with the errno.
std::ptrdiff_t read_fully(int descriptor, void* buffer, std::size_t size, std::uint64_t address);
// False with the errno.
bool write_fully(int descriptor, const void* bytes, std::size_t size, std::uint64_t address);
// The file's data on its disk, not only with the operating system. False with the errno.
bool sync_data(int descriptor);

// A file of this process that grows to `end` bytes would be answered with a signal (RLIMIT_FSIZE).
bool exceeds_size_limit(std::uint64_t end);

}  // namespace h5tracks::system
