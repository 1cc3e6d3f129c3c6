#include "system/io.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "system/posix/descriptor.h"
#include "system/zeros.h"

namespace h5tracks::system {

bool sync_data(FileNumber file) {
  int result;
  do {
    result = ::fdatasync(descriptor_of(file));
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

bool allocate(FileNumber file, std::uint64_t from, std::uint64_t end) {
  do {
    errno = ::posix_fallocate(descriptor_of(file), static_cast<off_t>(from), static_cast<off_t>(end - from));
  } while (errno == EINTR);
  if (errno == EOPNOTSUPP || errno == ENOSYS) return write_zeros(file, from, end);
  return errno == 0;
}

bool reserve_beyond(FileNumber file, std::uint64_t from, std::uint64_t end) {
  int result;
  do {
    result =
        ::fallocate(descriptor_of(file), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(from), static_cast<off_t>(end - from));
  } while (result != 0 && errno == EINTR);
  return result == 0 || errno == EOPNOTSUPP || errno == ENOSYS;
}

}  // namespace h5tracks::system
