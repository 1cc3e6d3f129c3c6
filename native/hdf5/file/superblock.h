// Reads the superblock of a file without HDF5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace h5tracks::hdf5 {

// Reads `size` bytes at `at` into the buffer. False: the file ends before.
using ByteReader = std::function<bool(std::uint64_t at, void* buffer, std::size_t size)>;

// Where HDF5 finds its signature: at byte 0, or after a user block of 512, 1024, 2048 … bytes.
std::optional<std::uint64_t> superblock_at(const ByteReader& read);

// The flags of a file that is being written or whose writer died. HDF5 sets them since version 1.10 while it has a file
// open for writing. Our own files have them only in SWMR mode.
struct WriterMarks {
  bool writing, swmr;
};

WriterMarks writer_marks(const ByteReader& read);

}  // namespace h5tracks::hdf5
