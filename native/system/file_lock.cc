#include "system/file_lock.h"

#include <cerrno>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "system/advisory_lock.h"
#include "system/io.h"
#include "system/lock_holder.h"
#include "system/process/identity.h"

namespace h5tracks::system {

namespace {

// Files that this process writes, by device and inode. Never destroyed, because exit handlers still use it.
struct Writing {
  std::mutex mutex;
  std::set<std::pair<std::uint64_t, std::uint64_t>> files;
};

Writing& writing() {
  static auto* instance = new Writing;
  return *instance;
}

OpenMode mode_of(Access access) {
  switch (access) {
    case Access::kRead:
      return OpenMode::kRead;
    case Access::kReadWrite:
      return OpenMode::kReadWrite;
    case Access::kCreate:
      return OpenMode::kCreate;
    case Access::kReplace:
      return OpenMode::kReadWriteOrCreate;
  }
  return OpenMode::kRead;
}

// Preserves errno.
bool is_directory(const std::string& path) {
  const int before = errno;
  const auto status = status_at(path);
  errno = before;
  return status && status->kind == FileKind::kDirectory;
}

}  // namespace

FileLock::FileLock(const std::string& path, Access access, bool locking, const std::string& at)
    : path_(path),
      file_(open_file(at.empty() ? path : at, mode_of(access))),
      exclusive_(access != Access::kRead),
      locking_(locking) {
  if (!file_) throw system_error(is_directory(path) ? EISDIR : errno, "open", path);
  try {
    lock(access == Access::kCreate);
    if (exclusive_ && locking_ && access != Access::kCreate) check_name();
  } catch (...) {
    release();
    throw;
  }
}

void FileLock::lock(bool is_new) {
  const auto status = status_of(number());
  if (!status) throw system_error(errno, "fstat", path_);
  if (status->kind == FileKind::kDirectory) throw system_error(EISDIR, "open", path_);
  if (status->kind != FileKind::kRegular) throw Error("ERR_NOT_HDF5", "'" + path_ + "' is not a regular file");
  identity_ = {status->device, status->inode};

  if (!locking_) return;
  const std::lock_guard<std::mutex> guard(writing().mutex);
  const bool written_here = writing().files.count(identity_) != 0;
  if (!exclusive_ && written_here) return;
  int refused = lock_file(number(), exclusive_);
  // A reader that opened the new file before it was locked finds it empty, and closes it.
  constexpr int kWaits = 1000;
  for (int waits = 0; refused == EAGAIN && is_new && waits < kWaits; waits++) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    refused = lock_file(number(), exclusive_);
  }
  if (refused == EAGAIN) throw locked_error(written_here);
  // Some network file systems have no locks. HDF5 goes on without them there, and so do we.
  if (refused != 0 && refused != ENOLCK) throw system_error(refused, "flock", path_);
  locked_ = refused == 0;
  if (exclusive_) registered_ = writing().files.insert(identity_).second;
}

// The previous lock holder may have replaced the file.
void FileLock::check_name() const {
  const auto status = status_at(path_);
  if (status && std::pair(status->device, status->inode) == identity_) return;
  Error error("ERR_LOCKED", "'" + path_ + "' is locked: it was replaced or removed just now");
  error.name_file(path_);
  throw error;
}

bool FileLock::is_written_here() const {
  const std::lock_guard<std::mutex> guard(writing().mutex);
  return !exclusive_ && writing().files.count(identity_) != 0;
}

Error FileLock::locked_error(bool written_here) const {
  std::string who = written_here ? "this process is writing it" : "";
  if (!written_here) {
    for (const LockHolder& holder : lock_holders(number())) {
      who += who.empty() ? "" : ", ";
      who += holder.pid == process_id()
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
  if (locked_) unlock_file(number(), exclusive_);
  locked_ = false;
}

void FileLock::release() {
  const std::lock_guard<std::mutex> guard(writing().mutex);
  // Closing the file would not unlock: a reader in this process may still use the duplicate that HDF5 has.
  if (locked_) unlock_file(number(), exclusive_);
  if (registered_) writing().files.erase(identity_);
  registered_ = locked_ = false;
}

FileLock::~FileLock() { release(); }

std::size_t FileLock::read_at(std::uint64_t address, void* buffer, std::size_t size) const {
  const std::ptrdiff_t got = system::read_fully(number(), buffer, size, address);
  if (got < 0) throw system_error(errno, "read", path_);
  return static_cast<std::size_t>(got);
}

void FileLock::sync() const {
  if (!system::sync_data(number())) throw system_error(errno, "fdatasync", path_);
}

std::uint64_t FileLock::size() const {
  const auto status = status_of(number());
  return status ? status->bytes : 0;
}

void FileLock::reserve(std::uint64_t end) const {
  // fallocate does not check RLIMIT_FSIZE, so that is checked first.
  if (system::exceeds_size_limit(end)) throw system_error(EFBIG, "write", path_);
  const std::uint64_t begin = size();
  if (end <= begin) return;
  if (!system::reserve_beyond(number(), begin, end)) throw system_error(errno, "fallocate", path_);
}

void FileLock::trim() const {
  // Truncating to the current size frees the space reserved beyond it. A failure loses nothing.
  if (exclusive_ && !truncate_file(number(), size())) return;
}

}  // namespace h5tracks::system
