#include "system/io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "system/posix/descriptor.h"
#include "system/zeros.h"

namespace h5tracks::system {

namespace {

// Whether the file system cannot reserve space at all.
bool cannot_reserve(int error) { return error == ENOTSUP || error == EINVAL || error == ENOTTY; }

// Reserves space up to `end`, in one piece if there is one. The size of the file stays. False with errno set.
bool reserve(int descriptor, std::uint64_t end) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return false;
  const off_t missing = static_cast<off_t>(end) - static_cast<off_t>(status.st_blocks) * S_BLKSIZE;
  if (missing <= 0) return true;
  fstore_t space{};
  space.fst_posmode = F_PEOFPOSMODE;
  space.fst_length = missing;
  for (const unsigned flags : {F_ALLOCATECONTIG | F_ALLOCATEALL, F_ALLOCATEALL}) {
    space.fst_flags = flags;
    int result;
    do {
      result = ::fcntl(descriptor, F_PREALLOCATE, &space);
    } while (result != 0 && errno == EINTR);
    if (result == 0) return true;
  }
  return false;
}

}  // namespace

// fsync leaves the data in the drive's cache. Not every file system supports F_FULLFSYNC.
bool sync_data(FileNumber file) {
  int result;
  do {
    result = ::fcntl(descriptor_of(file), F_FULLFSYNC);
    if (result != 0 && errno != EINTR) result = ::fsync(descriptor_of(file));
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

bool allocate(FileNumber file, std::uint64_t from, std::uint64_t end) {
  if (!reserve(descriptor_of(file), end)) return cannot_reserve(errno) && write_zeros(file, from, end);
  return ::ftruncate(descriptor_of(file), static_cast<off_t>(end)) == 0;
}

bool reserve_beyond(FileNumber file, std::uint64_t, std::uint64_t end) {
  return reserve(descriptor_of(file), end) || cannot_reserve(errno);
}

}  // namespace h5tracks::system
