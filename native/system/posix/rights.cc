#include "system/rights.h"

#include <sys/stat.h>
#include <unistd.h>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

std::optional<Rights> rights_of(FileNumber file) {
  struct stat status {};
  if (::fstat(descriptor_of(file), &status) != 0) return std::nullopt;
  return Rights{status.st_uid, status.st_gid, status.st_mode, {}};
}

bool give_rights(FileNumber file, const Rights& rights) {
  const int given = ::fchown(descriptor_of(file), rights.owner, rights.group);
  (void)given;
  return ::fchmod(descriptor_of(file), rights.mode & 07777) == 0;
}

void share_as(FileNumber file, const Rights& rights) {
  if (::fchown(descriptor_of(file), rights.owner, rights.group) != 0 && rights.owner != ::geteuid()) return;
  const int changed = ::fchmod(descriptor_of(file), rights.mode & 0666);
  (void)changed;
}

}  // namespace h5tracks::system
