// The superblock of a file, read without HDF5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace h5tracks::hdf5 {

// Fills the buffer with the file's bytes from there on. False where it ends before.
using ByteReader = std::function<bool(std::uint64_t at, void* buffer, std::size_t size)>;

// Where HDF5 finds its signature: at the beginning, or behind foreign bytes, of which there are 512 or twice that, and
// so on.
std::optional<std::uint64_t> superblock_at(const ByteReader& read);

// The marks of a file that is being written, or whose writer died: since HDF5 1.10 it sets them while it has a file
// open to write. Our own files have them only in SWMR mode.
struct WriterMarks {
  bool writing, swmr;
};

WriterMarks writer_marks(const ByteReader& read);

}  // namespace h5tracks::hdf5
