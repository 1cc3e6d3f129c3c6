// An open file's number that is held for a later need, so that a process that has no more of them is told now.
#pragma once

#include <cerrno>
#include <string>

#include "system/error.h"
#include "system/file.h"

namespace h5tracks::system {

class SpareDescriptor {
 public:
  // Duplicates `file`. Throws the errno (EMFILE); `path` is for the message.
  SpareDescriptor(FileNumber file, const std::string& path) : spare_(duplicate(file)) {
    if (!spare_) throw system_error(errno, "fcntl", path);
  }

 private:
  const Descriptor spare_;
};

}  // namespace h5tracks::system
