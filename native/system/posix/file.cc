#include "system/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

namespace {

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kReadWrite:
      return O_RDWR;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT | O_EXCL;
    case OpenMode::kReadWriteOrCreate:
      return O_RDWR | O_CREAT;
  }
  return O_RDONLY;
}

FileStatus status_from(const struct stat& status) {
  const FileKind kind = S_ISREG(status.st_mode)   ? FileKind::kRegular
                        : S_ISDIR(status.st_mode) ? FileKind::kDirectory
                                                  : FileKind::kOther;
  return {static_cast<std::uint64_t>(status.st_dev), status.st_ino, static_cast<std::uint64_t>(status.st_size), kind};
}

}  // namespace

FileNumber open_file(const std::string& path, OpenMode mode, OpenHow how) {
  // Non-blocking, so that opening a FIFO by mistake fails instead of waiting.
  const int always = O_CLOEXEC | O_NONBLOCK | (how.follows_links ? 0 : O_NOFOLLOW);
  return ::open(path.c_str(), flags_of(mode) | always, how.is_private ? 0600 : 0666);
}

FileNumber duplicate(FileNumber file) { return ::fcntl(descriptor_of(file), F_DUPFD_CLOEXEC, 0); }

bool close_file(FileNumber file) { return ::close(descriptor_of(file)) == 0; }

std::optional<FileStatus> status_of(FileNumber file) {
  struct stat status {};
  if (::fstat(descriptor_of(file), &status) != 0) return std::nullopt;
  return status_from(status);
}

std::optional<FileStatus> status_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status_from(status);
}

std::optional<FileStatus> link_status_at(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status_from(status);
}

bool truncate_file(FileNumber file, std::uint64_t bytes) {
  int result;
  do {
    result = ::ftruncate(descriptor_of(file), static_cast<off_t>(bytes));
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

bool remove_file(const std::string& path) { return ::unlink(path.c_str()) == 0; }

void remove_left_behind(FileNumber) {}

bool rename_file(const std::string& from, const std::string& to, const std::function<void()>&) {
  return std::rename(from.c_str(), to.c_str()) == 0;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

bool sync_directory_of(const std::string& path) {
  const std::string name = directory_of(path);
  const Descriptor directory(::open(name.empty() ? "." : name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory && ::fsync(descriptor_of(directory.get())) == 0;
}

std::optional<std::uint64_t> free_space_beside(const std::string& path) {
  const std::string name = directory_of(path);
  struct statvfs room {};
  if (::statvfs(name.empty() ? "." : name.c_str(), &room) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
}

}  // namespace h5tracks::system
