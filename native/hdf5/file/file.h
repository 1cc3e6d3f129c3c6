// An open HDF5 file, and the objects that are open in it. Methods take the Lock, but for those that say otherwise.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"
#include "hdf5/file/open_part.h"
#include "system/file_lock.h"
#include "system/replacement.h"

namespace h5tracks::hdf5 {

struct FileOptions {
  bool contained = true;  // no other file is opened because this one names it
  bool locking = true;
  bool accept_loss = false;  // also a file that its writer never closed
  bool swmr = false;         // read while another process writes it in that mode, or to be written in it
  std::optional<std::pair<H5F_libver_t, H5F_libver_t>> library_versions;
  hsize_t userblock = 0;
  bool track_order = false;
  // HDF5's cache of chunks, per dataset.
  struct Cache {
    std::size_t slots, bytes;
    double preemption;
  };
  std::optional<Cache> cache;
};

class File {
 public:
  // `locked` is called once the file is locked and before anything is done to it; what it throws is thrown.
  File(const std::string& path, system::Access access, const std::function<void()>& locked = {},
       const FileOptions& options = {});
  // A new file that will replace the one with that path. Closed before it took the name, it is gone.
  File(const std::string& path, std::unique_ptr<system::Replacement> replacement, const FileOptions& options = {});
  // A file in memory, `name` for messages: of these bytes, or empty.
  File(const std::string& name, system::Access access, const View& image, const FileOptions& options);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Takes no Lock.
  bool is_open() const { return open_; }
  // Closes what is open in it too. The second call is harmless. `whole`, where HDF5 has closed the file without an
  // error, is called before the file's lock is given up.
  void close(const std::function<void()>& whole = {});
  // Open for reading, while a writer of this process has it too.
  bool is_written_here() const;
  // To the operating system; not an fsync.
  void flush();

  // The four below go past HDF5 and wait for nobody's Lock; whether the caller holds it does not matter.
  hsize_t size() const;
  // What was flushed is on the disk when it returns. Throws the errno (EIO, ENOSPC, EDQUOT).
  void sync() const;
  // The file's bytes as they are. False where it ends before; throws the errno.
  bool read_at(haddr_t address, void* buffer, std::size_t size) const;
  // Zeros these bytes, which HDF5 has no use for any more, if they still lie there. From within close(), once HDF5 has
  // closed the file.
  void erase_at(haddr_t address, const std::string& bytes) const;

  // Where it lies: beside the file that it is to replace, until it takes the name.
  const std::string& place() const { return replacement_ ? replacement_->temporary : path; }
  // True: it replaced the other one just now. Throws the errno.
  bool take_name();

  bool contained() const { return options_.contained; }
  bool writable() const { return writable_; }
  // Throws ERR_READ_ONLY.
  void check_writable() const;

  // The ones below: caller holds the Lock.
  // Properties of that class (H5P_LINK_ACCESS, H5P_GROUP_ACCESS, H5P_DATASET_ACCESS) for opening something in it. Not
  // to be changed.
  PropertiesId access(hid_t property_class) const;
  // Throws ERR_CLOSED.
  hid_t id() const;
  // It is closed when the file is.
  void keep(const std::shared_ptr<OpenPart>& part);
  // Readers of other processes may open it, in that mode too.
  void start_swmr_locked();
  void flush_locked();
  // All bytes of the file, flushed before.
  std::vector<unsigned char> image_locked();
  // From now on it is remembered where HDF5 writes these bytes, other than as chunks: what an attribute has, for
  // example. An empty string ends that.
  void watch_locked(const std::string& marker);
  // Where in the file the bytes watched for lie, flushed before. None: they were not written since, or lie there no
  // more.
  std::optional<haddr_t> watched_at_locked();
  // Room on the disk for `bytes` more; throws ENOSPC while nothing is half written yet.
  void reserve_locked(hsize_t bytes);

  const std::string path;

 private:
  void open(system::Access access);
  void open_memory(const View& image);
  // HDF5 reads these lists when it needs them, at the latest while the file is being closed: too late to refuse.
  // Nothing has been written before.
  void check_free_space();

  std::shared_ptr<system::FileLock> held() const;

  const FileOptions options_;
  const bool writable_, in_memory_;
  std::unique_ptr<system::Replacement> replacement_;
  mutable std::mutex file_lock_mutex_;
  std::shared_ptr<system::FileLock> file_lock_;  // given up after the file is closed
  std::string marker_;
  std::atomic<bool> open_{false};
  FileId id_;
  std::vector<std::weak_ptr<OpenPart>> parts_;
  std::size_t parts_swept_ = 64;
};

}  // namespace h5tracks::hdf5
