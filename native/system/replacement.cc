#include "system/replacement.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace h5tracks::system {

std::string replacement_beside(const std::string& real) { return real + ".overwriting"; }

Replacement::Replacement(const std::string& path, const std::string& real)
    : temporary(replacement_beside(real)), path_(path), real_(real), old_(path, Access::kReadWrite) {}

Replacement::~Replacement() {
  if (made_) ::unlink(temporary.c_str());
}

Error Replacement::failed(const std::string& syscall) const {
  Error error = system_error(errno, syscall, temporary);
  error.path = path_;
  return error;
}

std::shared_ptr<FileLock> Replacement::make() {
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) throw failed("unlink");
  auto file = std::make_shared<FileLock>(path_, Access::kCreate, true, temporary);
  made_ = true;
  struct stat status {};
  if (::fstat(old_.descriptor(), &status) != 0) throw failed("fstat");
  // Only a privileged process can change the owner. If it fails, the mode below is still right.
  const int given = ::fchown(file->descriptor(), status.st_uid, status.st_gid);
  (void)given;
  if (::fchmod(file->descriptor(), status.st_mode & 07777) != 0) throw failed("fchmod");
  return file;
}

void Replacement::take_name() {
  if (std::rename(temporary.c_str(), real_.c_str()) != 0) throw failed("rename");
  made_ = false;
}

}  // namespace h5tracks::system
