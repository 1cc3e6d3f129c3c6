// Whole reads and writes at an address of a descriptor: interrupted and partial calls are gone on with.
// Knows the C library only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace h5tracks::hdf5 {

// Bytes read, fewer than `size` only where the file ends; -1 with the errno.
std::ptrdiff_t read_fully(int descriptor, void* buffer, std::size_t size, std::uint64_t address);
// False with the errno.
bool write_fully(int descriptor, const void* bytes, std::size_t size, std::uint64_t address);
// The file's data on its disk, not only with the operating system. False with the errno.
bool sync_data(int descriptor);

}  // namespace h5tracks::hdf5
