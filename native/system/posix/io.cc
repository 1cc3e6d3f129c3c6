#include "system/io.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

namespace {

// Some systems refuse larger calls.
constexpr std::size_t kLargestCall = std::size_t{1} << 30;

}  // namespace

std::ptrdiff_t read_fully(FileNumber file, void* buffer, std::size_t size, std::uint64_t address) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(descriptor_of(file), static_cast<char*>(buffer) + done,
                                std::min(size - done, kLargestCall), static_cast<off_t>(address + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return static_cast<std::ptrdiff_t>(done);
}

bool write_fully(FileNumber file, const void* bytes, std::size_t size, std::uint64_t address) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t put = ::pwrite(descriptor_of(file), static_cast<const char*>(bytes) + done,
                                 std::min(size - done, kLargestCall), static_cast<off_t>(address + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    done += static_cast<std::size_t>(put);
  }
  return true;
}

bool exceeds_size_limit(std::uint64_t end) {
  struct rlimit limit {};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
         end > static_cast<std::uint64_t>(limit.rlim_cur);
}

}  // namespace h5tracks::system
