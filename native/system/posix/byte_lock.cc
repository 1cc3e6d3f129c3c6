#include "system/byte_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

#ifdef F_OFD_SETLK

namespace {

struct flock first_byte() {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_len = 1;
  return range;
}

}  // namespace

int hold(FileNumber file) {
  struct flock range = first_byte();
  if (::fcntl(descriptor_of(file), F_OFD_SETLK, &range) == 0) return 0;
  return errno == EACCES ? EAGAIN : errno;
}

Held held_elsewhere(FileNumber file) {
  struct flock range = first_byte();
  if (::fcntl(descriptor_of(file), F_OFD_GETLK, &range) != 0) return Held::kUnknown;
  return range.l_type == F_UNLCK ? Held::kNo : Held::kYes;
}

#else

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

#endif

}  // namespace h5tracks::system
