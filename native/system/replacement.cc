#include "system/replacement.h"

#include <cerrno>

#include "system/rights.h"

namespace h5tracks::system {

std::string replacement_beside(const std::string& real) { return real + ".overwriting"; }

Replacement::Replacement(const std::string& path, const std::string& real)
    : temporary(replacement_beside(real)),
      path_(path),
      real_(real),
      old_(std::make_unique<FileLock>(path, Access::kReadWrite)) {}

Replacement::~Replacement() {
  if (made_) remove_file(temporary);
}

Error Replacement::failed(const std::string& syscall) const {
  Error error = system_error(errno, syscall, temporary);
  error.path = path_;
  return error;
}

std::shared_ptr<FileLock> Replacement::make() {
  if (!remove_file(temporary) && errno != ENOENT) throw failed("unlink");
  auto file = std::make_shared<FileLock>(path_, Access::kCreate, true, temporary);
  made_ = true;
  const auto rights = rights_of(old_->number());
  if (!rights) throw failed("fstat");
  if (!give_rights(file->number(), *rights)) throw failed("fchmod");
  return file;
}

void Replacement::take_name() {
  if (!rename_file(temporary, real_, [this] { old_.reset(); })) throw failed("rename");
  made_ = false;
}

}  // namespace h5tracks::system
