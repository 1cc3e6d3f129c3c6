// A descriptor that is held for a later need, so that a process that has no more of them is told now.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "system/error.h"

namespace h5tracks::system {

class SpareDescriptor {
 public:
  // Duplicates `descriptor`. Throws the errno (EMFILE); `path` is for the message.
  SpareDescriptor(int descriptor, const std::string& path) : number_(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) {
    if (number_ < 0) throw system_error(errno, "fcntl", path);
  }
  ~SpareDescriptor() { ::close(number_); }
  SpareDescriptor(const SpareDescriptor&) = delete;
  SpareDescriptor& operator=(const SpareDescriptor&) = delete;

 private:
  const int number_;
};

}  // namespace h5tracks::system
