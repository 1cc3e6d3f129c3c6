#include "system/byte_lock.h"

#include <fcntl.h>

#include <cerrno>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

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

}  // namespace h5tracks::system
