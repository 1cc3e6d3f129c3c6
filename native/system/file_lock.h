// The one descriptor of an open file, and an advisory lock through it. No child process inherits the descriptor. The
// lock is a flock, in place of HDF5's own: stock HDF5 readers use flock too, so they are refused while a writer lives.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "system/error.h"

namespace h5tracks::system {

enum class Access { kRead, kReadWrite, kCreate, kReplace };

class FileLock {
 public:
  // Opens (kCreate: makes, kReplace: makes if need be) the regular file and locks it: shared for kRead, exclusive
  // otherwise. A reader in the process of the writer needs no lock. Throws ERR_LOCKED, which names who has it where the
  // system tells, or the errno.
  // `locking`: else nobody is refused and nobody asked. `at`: where it lies while it does not have its name yet.
  FileLock(const std::string& path, Access access, bool locking = true, const std::string& at = "");
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Gives up the lock, with what duplicates of the descriptor there may be. The descriptor stays. The second call is
  // harmless.
  void release();

  // Lets readers of other processes in.
  void share();

  // A reader's, while a writer of this process has the file.
  bool is_written_here() const;
  int descriptor() const { return descriptor_; }
  // Bytes of the file now.
  off_t size() const;
  // Bytes read, fewer than `size` only where the file ends; throws the errno.
  std::size_t read_at(std::uint64_t address, void* buffer, std::size_t size) const;
  // Until what was written is on the disk; throws the errno.
  void sync() const;
  // Makes sure of room on the disk for the file to grow to `end` bytes; throws the errno (ENOSPC, EDQUOT, EFBIG). Where
  // the file system cannot promise room, it is not promised.
  void reserve(off_t end) const;
  // Gives back what was reserved and not used.
  void trim() const;

 private:
  void lock();
  void check_name() const;
  Error locked_error(bool written_here) const;

  const std::string path_;
  const int descriptor_;
  const bool exclusive_, locking_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool locked_ = false, registered_ = false;
};

}  // namespace h5tracks::system
