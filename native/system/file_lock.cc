#include "system/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <set>
#include <utility>

#include "system/io.h"
#include "system/lock_holder.h"

namespace h5tracks::system {

namespace {

// Files that this process writes, by device and inode. Never destroyed, because exit handlers still use it.
struct Writing {
  std::mutex mutex;
  std::set<std::pair<dev_t, ino_t>> files;
};

Writing& writing() {
  static auto* instance = new Writing;
  return *instance;
}

int open_flags(Access access) {
  // Non-blocking, so that opening a FIFO by mistake fails instead of waiting.
  constexpr int kAlways = O_CLOEXEC | O_NONBLOCK;
  switch (access) {
    case Access::kRead:
      return kAlways | O_RDONLY;
    case Access::kReadWrite:
      return kAlways | O_RDWR;
    case Access::kCreate:
      return kAlways | O_RDWR | O_CREAT | O_EXCL;
    case Access::kReplace:
      return kAlways | O_RDWR | O_CREAT;
  }
  return kAlways;
}

// Preserves errno.
bool is_directory(const std::string& path) {
  const int before = errno;
  struct stat status {};
  const bool directory = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  errno = before;
  return directory;
}

}  // namespace

FileLock::FileLock(const std::string& path, Access access, bool locking, const std::string& at)
    : path_(path),
      descriptor_(::open((at.empty() ? path : at).c_str(), open_flags(access), 0666)),
      exclusive_(access != Access::kRead),
      locking_(locking) {
  if (descriptor_ < 0) throw system_error(is_directory(path) ? EISDIR : errno, "open", path);
  try {
    lock();
    if (exclusive_ && locking_ && access != Access::kCreate) check_name();
  } catch (...) {
    release();
    ::close(descriptor_);
    throw;
  }
}

void FileLock::lock() {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) throw system_error(errno, "fstat", path_);
  if (S_ISDIR(status.st_mode)) throw system_error(EISDIR, "open", path_);
  if (!S_ISREG(status.st_mode)) throw Error("ERR_NOT_HDF5", "'" + path_ + "' is not a regular file");
  device_ = status.st_dev;
  inode_ = status.st_ino;

  if (!locking_) return;
  const std::lock_guard<std::mutex> guard(writing().mutex);
  const bool written_here = writing().files.count({device_, inode_}) != 0;
  if (!exclusive_ && written_here) return;
  if (::flock(descriptor_, (exclusive_ ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) throw locked_error(written_here);
    // Some network file systems have no flock. HDF5 goes on without it there, and so do we.
    if (errno != ENOLCK && errno != ENOSYS && errno != EOPNOTSUPP) throw system_error(errno, "flock", path_);
  } else {
    locked_ = true;
  }
  if (exclusive_) registered_ = writing().files.insert({device_, inode_}).second;
}

// The previous lock holder may have replaced the file.
void FileLock::check_name() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_) return;
  Error error("ERR_LOCKED", "'" + path_ + "' is locked: it was replaced or removed just now");
  error.name_file(path_);
  throw error;
}

bool FileLock::is_written_here() const {
  const std::lock_guard<std::mutex> guard(writing().mutex);
  return !exclusive_ && writing().files.count({device_, inode_}) != 0;
}

Error FileLock::locked_error(bool written_here) const {
  std::string who = written_here ? "this process is writing it" : "";
  if (!written_here) {
    for (const LockHolder& holder : lock_holders(device_, inode_)) {
      who += who.empty() ? "" : ", ";
      who += holder.pid == ::getpid()
                 ? "this process"
                 : "another process (pid " + std::to_string(holder.pid) + ", " + holder.command + ")";
    }
    if (exclusive_) {
      who = "it is open elsewhere, in " + (who.empty() ? "this or another process" : who);
    } else {
      who = (who.empty() ? "another process" : who) + " is writing it";
    }
  }
  Error error("ERR_LOCKED", "'" + path_ + "' is locked: " + who);
  error.name_file(path_);
  return error;
}

void FileLock::share() {
  if (locked_) ::flock(descriptor_, LOCK_UN);
  locked_ = false;
}

void FileLock::release() {
  const std::lock_guard<std::mutex> guard(writing().mutex);
  // Closing the descriptor would not unlock: a reader in this process may still use the duplicate that HDF5 has.
  if (locked_) ::flock(descriptor_, LOCK_UN);
  if (registered_) writing().files.erase({device_, inode_});
  registered_ = locked_ = false;
}

FileLock::~FileLock() {
  release();
  ::close(descriptor_);
}

std::size_t FileLock::read_at(std::uint64_t address, void* buffer, std::size_t size) const {
  const std::ptrdiff_t got = system::read_fully(descriptor_, buffer, size, address);
  if (got < 0) throw system_error(errno, "read", path_);
  return static_cast<std::size_t>(got);
}

void FileLock::sync() const {
  if (!system::sync_data(descriptor_)) throw system_error(errno, "fdatasync", path_);
}

off_t FileLock::size() const {
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 ? status.st_size : 0;
}

void FileLock::reserve(off_t end) const {
  // fallocate does not check RLIMIT_FSIZE, so that is checked first.
  if (system::exceeds_size_limit(static_cast<std::uint64_t>(end))) throw system_error(EFBIG, "write", path_);
  const off_t begin = size();
  if (end <= begin) return;
  const auto from = static_cast<std::uint64_t>(begin), to = static_cast<std::uint64_t>(end);
  if (!system::reserve_beyond(descriptor_, from, to)) throw system_error(errno, "fallocate", path_);
}

void FileLock::trim() const {
  // Truncating to the current size frees the space reserved beyond it. A failure loses nothing.
  if (exclusive_ && ::ftruncate(descriptor_, size()) != 0) return;
}

}  // namespace h5tracks::system
