// A virtual file driver that works like HDF5's POSIX driver (sec2), but on a duplicate of our open file, which child
// processes do not inherit. It reports the addresses of writes. It locks nothing: see system/file_lock.h. The caller
// holds the Lock.
#pragma once

#include <hdf5.h>

#include <optional>
#include <string>

#include "system/file.h"

namespace h5tracks::hdf5 {

// With `access`, HDF5 opens the file `path` through a duplicate of `number`. `others`: files that this one names may be
// opened too, each by itself. `marked`: HDF5 marks a file of a newer format as being written, as SWMR readers require,
// and refuses to open it if its writer died.
void use_driver(hid_t access, system::FileNumber number, const std::string& path, bool others, bool marked);

// Watches, for as long as it lives, for a write of the memory at `bytes` to any file.
class WriteWatch {
 public:
  explicit WriteWatch(const void* bytes);
  ~WriteWatch();
  WriteWatch(const WriteWatch&) = delete;
  WriteWatch& operator=(const WriteWatch&) = delete;

  // The address in the file; none: that memory was not written.
  std::optional<haddr_t> address() const;
};

// Starts to watch where HDF5 writes metadata that contain these bytes. An empty string stops it.
void watch_marker(hid_t file, const std::string& marker);
// Where they were last written; none: not since watching began.
std::optional<haddr_t> marker_address(hid_t file);

// From now on, drops all writes of HDF5 to the file, including those of closing it.
void leave_alone(hid_t file);

}  // namespace h5tracks::hdf5
