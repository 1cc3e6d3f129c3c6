#include "system/byte_lock.h"

#include <sys/file.h>

#include <cerrno>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

int hold(FileNumber file) {
  if (::flock(descriptor_of(file), LOCK_EX | LOCK_NB) == 0) return 0;
  return errno == EWOULDBLOCK ? EAGAIN : errno;
}

Held held_elsewhere(FileNumber file) {
  if (::flock(descriptor_of(file), LOCK_SH | LOCK_NB) == 0) {
    ::flock(descriptor_of(file), LOCK_UN);
    return Held::kNo;
  }
  return errno == EWOULDBLOCK ? Held::kYes : Held::kUnknown;
}

}  // namespace h5tracks::system
