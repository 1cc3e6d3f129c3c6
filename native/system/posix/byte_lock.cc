#include "system/byte_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

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

int hold(int descriptor) {
  struct flock range = first_byte();
  if (::fcntl(descriptor, F_OFD_SETLK, &range) == 0) return 0;
  return errno == EACCES ? EAGAIN : errno;
}

Held held_elsewhere(int descriptor) {
  struct flock range = first_byte();
  if (::fcntl(descriptor, F_OFD_GETLK, &range) != 0) return Held::kUnknown;
  return range.l_type == F_UNLCK ? Held::kNo : Held::kYes;
}

#else

int hold(int descriptor) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 0;
  return errno == EWOULDBLOCK ? EAGAIN : errno;
}

Held held_elsewhere(int descriptor) {
  if (::flock(descriptor, LOCK_SH | LOCK_NB) == 0) {
    ::flock(descriptor, LOCK_UN);
    return Held::kNo;
  }
  return errno == EWOULDBLOCK ? Held::kYes : Held::kUnknown;
}

#endif

}  // namespace h5tracks::system
