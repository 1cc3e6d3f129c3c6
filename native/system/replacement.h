// A new file that is made beside an old one and takes its name when it is complete. Until then the old file is locked:
// nobody writes it or makes another replacement.
#pragma once

#include <memory>
#include <string>

#include "system/file_lock.h"

namespace h5tracks::system {

// The path at which the new file is made, given the old file's real path.
std::string replacement_beside(const std::string& real);

class Replacement {
 public:
  // Locks the old file. `path` is for messages. Throws as FileLock does.
  Replacement(const std::string& path, const std::string& real);
  // Removes the new file, unless it took the old file's name.
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  // Creates the new file, empty and locked, with the old one's owner and mode. Removes the remains of a dead process
  // first.
  std::shared_ptr<FileLock> make();
  // If it throws the errno, nothing has changed.
  void take_name();

  const std::string temporary;

 private:
  Error failed(const std::string& syscall) const;

  const std::string path_, real_;
  std::unique_ptr<FileLock> old_;
  bool made_ = false;
};

}  // namespace h5tracks::system
