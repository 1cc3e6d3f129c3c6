// A new file that is made beside an old one and takes its name when it is complete. Until then the old file is locked:
// nobody writes it or makes another replacement.
#pragma once

#include <memory>
#include <string>

#include "system/file_lock.h"

namespace h5tracks::system {

// Where the new one is made, by the old one's real path.
std::string replacement_beside(const std::string& real);

class Replacement {
 public:
  // Locks the old file. `path` is for messages. Throws as FileLock.
  Replacement(const std::string& path, const std::string& real);
  // The new file goes, unless it took the name.
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  // The new file, empty and locked, with the old one's owner and mode. What a dead process left of one is removed.
  std::shared_ptr<FileLock> make();
  // Throws the errno, and all is as before.
  void take_name();

  const std::string temporary;

 private:
  Error failed(const std::string& syscall) const;

  const std::string path_, real_;
  const FileLock old_;
  bool made_ = false;
};

}  // namespace h5tracks::system
