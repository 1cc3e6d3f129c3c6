// A virtual file driver that works as HDF5's own for POSIX (sec2), but through a duplicate of our descriptor, which no
// child process inherits. It reports the addresses of writes. It locks nothing: see system/file_lock.h. Caller holds
// the Lock.
#pragma once

#include <hdf5.h>

#include <optional>
#include <string>

namespace h5tracks::hdf5 {

// The file `path`, opened with the properties `access`, is what `descriptor` has open. Other files, which that one
// names, are opened by themselves where `others` allows it. `marked`: a file of a newer format says in itself that it
// is being written, as SWMR readers want it; HDF5 then refuses one whose writer died.
void use_driver(hid_t access, int descriptor, const std::string& path, bool others, bool marked);

// While it lives it watches for the writing of the bytes at `bytes`, in whichever file.
class WriteWatch {
 public:
  explicit WriteWatch(const void* bytes);
  ~WriteWatch();
  WriteWatch(const WriteWatch&) = delete;
  WriteWatch& operator=(const WriteWatch&) = delete;

  // Where in the file they were put; none: they were not written (from there).
  std::optional<haddr_t> address() const;
};

// From now on it is remembered where the file's metadata has these bytes. An empty string ends that.
void watch_marker(hid_t file, const std::string& marker);
// Where they were written last; none: not since they are watched for.
std::optional<haddr_t> marker_address(hid_t file);

// From now on nothing is written to it, whatever HDF5 writes: closing leaves it as it is.
void leave_alone(hid_t file);

}  // namespace h5tracks::hdf5
