// An open HDF5 file, and the objects that are open in it. Methods take the Lock unless they say otherwise.
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
#include "hdf5/file/properties.h"
#include "hdf5/remote/remote_bytes.h"
#include "system/file_lock.h"
#include "system/replacement.h"
#include "system/rights.h"
#include "system/spare_descriptor.h"

namespace h5tracks::hdf5 {

class File {
 public:
  // `locked` is called after the file is locked and before anything else is done to it; it may throw.
  File(const std::string& path, system::Access access, const std::function<void()>& locked = {},
       const FileOptions& options = {});
  // Creates a file that will replace the one at `path`. If it is closed before take_name(), it is removed.
  File(const std::string& path, std::unique_ptr<system::Replacement> replacement, const FileOptions& options = {});
  // A file in memory: from these bytes, or empty. `name` is for messages.
  File(const std::string& name, system::Access access, const View& image, const FileOptions& options);
  // A remote file, for reading, of which some bytes were fetched. `name` is for messages.
  File(const std::string& name, std::shared_ptr<RemoteBytes> bytes, const FileOptions& options);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Does not take the Lock.
  bool is_open() const { return open_; }
  // Closes the file and what is open in it, also if it throws; may be called twice. `whole` is called if HDF5 has
  // closed the file without an error, and before the file is unlocked.
  void close(const std::function<void()>& whole = {});
  // Whether this file is open for reading and a writer in this process has it open too.
  bool is_written_here() const;
  // Writes HDF5's buffers to the operating system; does not sync. Throws the late error too.
  void flush();

  // The following five bypass HDF5 and do not take the Lock; the caller may hold it.
  hsize_t size() const;
  // Syncs what was flushed to the disk. Throws the errno (EIO, ENOSPC, EDQUOT).
  void sync() const;
  // What identifies the file, and who may use it. Throws the errno.
  void describe(std::uint64_t& device, std::uint64_t& inode, system::Rights& rights) const;
  // Reads bytes of the file. False: the file ends before; throws the errno.
  bool read_at(haddr_t address, void* buffer, std::size_t size) const;
  // Overwrites `bytes` with zeros if they are still at `address`. Called in close(), after HDF5 has closed the file;
  // HDF5 must no longer use these bytes.
  void erase_at(haddr_t address, const std::string& bytes) const;

  // Where the file is now: beside the one that it will replace, until it takes the name.
  const std::string& place() const { return replacement_ ? replacement_->temporary : path; }
  // Returns the old file if this call replaced one, else null. Releasing a large one takes the system long. Throws the
  // errno.
  std::shared_ptr<const void> take_name();

  // Null: the file is not remote.
  const std::shared_ptr<RemoteBytes>& remote() const { return remote_; }
  bool contained() const { return options_.contained; }
  bool writable() const { return writable_; }
  // Throws ERR_READ_ONLY.
  void check_writable() const;

  // For the methods below, the caller holds the Lock.

  // Access properties of class H5P_LINK_ACCESS, H5P_GROUP_ACCESS or H5P_DATASET_ACCESS for opening something in this
  // file. Do not modify them: they are shared.
  PropertiesId access(hid_t property_class) const;
  // Throws ERR_CLOSED.
  hid_t id() const;
  // With `opened_later`: writes the contents of the file. Does not need the Lock.
  void fill(const std::vector<unsigned char>& image) const;
  // The late error of its parts.
  const std::shared_ptr<LateError>& late_error() const { return late_error_; }
  // Registers a part, which is closed when the file is.
  void keep(const std::shared_ptr<OpenPart>& part);
  // From now on other processes may open the file for reading in SWMR mode.
  void start_swmr_locked();
  void flush_locked();
  // Flushes the file, and returns all of its bytes.
  std::vector<unsigned char> image_locked();
  // Starts to watch where HDF5 writes metadata that contain these bytes, for example an attribute. An empty string
  // stops it.
  void watch_locked(const std::string& marker);
  // Flushes the file, and returns where the watched bytes are. None: they were not written since watching began, or are
  // no longer there.
  std::optional<haddr_t> watched_at_locked();
  // Reserves disk space for `bytes` more, so that ENOSPC is thrown before anything is half written.
  void reserve_locked(hsize_t bytes);

  const std::string path;

 private:
  void open(system::Access access);
  // Opens the file that fill() has filled.
  void open_filled() const;
  void open_memory(const View& image);
  void open_remote();
  // After HDF5 has opened the file.
  void opened();
  // HDF5 reads the lists of free space only when it needs them, possibly while closing the file, when it is too late to
  // refuse. This reads them before anything is written.
  void check_free_space();

  std::shared_ptr<system::FileLock> held() const;

  const FileOptions options_;
  const bool writable_, in_memory_;  // a remote file counts as one in memory
  const std::shared_ptr<RemoteBytes> remote_;
  std::unique_ptr<system::Replacement> replacement_;
  mutable std::mutex file_lock_mutex_;
  std::shared_ptr<system::FileLock> file_lock_;  // released after the file is closed
  std::string marker_;
  std::atomic<bool> open_{false};
  // Made by id() if the file is opened later.
  mutable FileId id_;
  // While the file is to be opened later: what HDF5 will need for it.
  mutable std::unique_ptr<system::SpareDescriptor> to_be_opened_;
  std::vector<std::weak_ptr<OpenPart>> parts_;
  std::size_t parts_swept_ = 64;
  const std::shared_ptr<LateError> late_error_ = std::make_shared<LateError>();
};

}  // namespace h5tracks::hdf5
