// Our own advisory lock on an HDF5 file, in place of HDF5's: a flock through a descriptor that no child
// process inherits. Stock HDF5 readers lock the same way, so they are refused while a writer lives.
#pragma once

#include <sys/types.h>

#include <string>

namespace h5tracks::hdf5 {

enum class Access { kRead, kReadWrite, kCreate, kReplace };

class FileLock {
 public:
  // Opens (kCreate: makes, kReplace: makes if need be) the regular file and locks it: shared for kRead, exclusive
  // otherwise. A reader in the process of the writer needs no lock. Throws ERR_LOCKED, or the errno.
  FileLock(const std::string& path, Access access);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Bytes of the file now.
  off_t size() const;
  // Makes sure of room on the disk for the file to grow to `end` bytes; throws the errno (ENOSPC, EDQUOT, EFBIG). Where
  // the file system cannot promise room, it is not promised.
  void reserve(off_t end) const;
  // Gives back what was reserved and not used.
  void trim() const;

 private:
  void lock();

  const std::string path_;
  const int descriptor_;
  bool exclusive_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool registered_ = false;
};

}  // namespace h5tracks::hdf5
