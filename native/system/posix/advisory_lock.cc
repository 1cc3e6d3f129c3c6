#include "system/advisory_lock.h"

#include <sys/file.h>

#include <cerrno>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

int lock_file(FileNumber file, bool exclusive) {
  if (::flock(descriptor_of(file), (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return 0;
  if (errno == EWOULDBLOCK) return EAGAIN;
  return errno == ENOSYS || errno == EOPNOTSUPP ? ENOLCK : errno;
}

void unlock_file(FileNumber file, bool) { ::flock(descriptor_of(file), LOCK_UN); }

}  // namespace h5tracks::system
