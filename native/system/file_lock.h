// The one number of an open file, and an advisory lock on it in place of HDF5's own. Where the lock is a flock, stock
// HDF5's readers are refused too while a writer lives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "system/error.h"
#include "system/file.h"

namespace h5tracks::system {

enum class Access { kRead, kReadWrite, kCreate, kReplace };

class FileLock {
 public:
  // Opens the regular file (kCreate: creates it; kReplace: creates it if it is missing) and locks it: shared for kRead,
  // exclusive otherwise. A reader in the writer's process needs no lock. Throws the errno, or ERR_LOCKED, which names
  // the lock holder if the system reports it.
  // `locking`: false takes no lock and refuses nobody. `at`: the path to open, if the file does not have its final name
  // yet.
  FileLock(const std::string& path, Access access, bool locking = true, const std::string& at = "");
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Unlocks the file, also for its duplicates; it stays open. May be called twice.
  void release();

  // Unlocks the file so that other processes can read it.
  void share();

  // Whether this is a reader's lock and a writer in this process has the file.
  bool is_written_here() const;
  bool is_same_file(const FileLock& other) const { return identity_ == other.identity_; }
  FileNumber number() const { return file_.get(); }
  // In bytes.
  std::uint64_t size() const;
  // Returns the bytes read, fewer than `size` only at the end of the file; throws the errno.
  std::size_t read_at(std::uint64_t address, void* buffer, std::size_t size) const;
  // Syncs the data to the disk; throws the errno.
  void sync() const;
  // Reserves disk space for the file to grow to `end` bytes; throws the errno (ENOSPC, EDQUOT, EFBIG). Does nothing
  // where the file system cannot reserve space.
  void reserve(std::uint64_t end) const;
  // Frees reserved space that was not used.
  void trim() const;

 private:
  void lock(bool is_new);
  void check_name() const;
  Error locked_error(bool written_here) const;

  const std::string path_;
  const Descriptor file_;
  const bool exclusive_, locking_;
  std::pair<std::uint64_t, std::uint64_t> identity_;  // device and inode
  bool locked_ = false, registered_ = false;
};

}  // namespace h5tracks::system
