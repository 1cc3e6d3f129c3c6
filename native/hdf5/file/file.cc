#include "hdf5/file/file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"
#include "hdf5/file/containment.h"
#include "hdf5/file/driver.h"
#include "hdf5/file/image.h"
#include "hdf5/file/properties.h"
#include "hdf5/file/superblock.h"
#include "hdf5/file/unopened.h"
#include "hdf5/remote/remote_driver.h"
#include "system/io.h"

namespace h5tracks::hdf5 {

namespace {

Error not_hdf5(const std::string& path, const std::string& why) {
  Error error("ERR_NOT_HDF5", "'" + path + "' is not a readable HDF5 file: " + why);
  error.name_file(path);
  return error;
}

ByteReader bytes_of(const system::FileLock& file) {
  return [&file](std::uint64_t at, void* buffer, std::size_t size) { return file.read_at(at, buffer, size) == size; };
}

ByteReader bytes_of(const View& image) {
  return [&image](std::uint64_t at, void* buffer, std::size_t size) {
    if (at > image.size || size > image.size - at) return false;
    std::memcpy(buffer, image.data + at, size);
    return true;
  };
}

ByteReader bytes_of(RemoteBytes& remote) {
  return [&remote](std::uint64_t at, void* buffer, std::size_t size) {
    return at <= remote.size() && size <= remote.size() - at && remote.read(at, buffer, size);
  };
}

// Refuses a file that its writer has not closed. A file written in SWMR mode can be read in that mode at any time.
void refuse_unclosed(const std::string& path, const WriterMarks& marks, bool read_swmr) {
  if (!marks.writing && !marks.swmr) return;
  if (marks.writing && marks.swmr && read_swmr) return;
  Error error("ERR_NOT_CLOSED",
              "'" + path +
                  "' is marked as open for writing: its writer is still running, or died without closing it, and " +
                  "data that it has not flushed are missing. " + (marks.swmr ? "swmr: true reads it; " : "") +
                  "acceptLoss: true opens it as it is; h5clear -s removes the mark");
  error.name_file(path);
  throw error;
}

}  // namespace

File::File(const std::string& path, system::Access access, const std::function<void()>& locked,
           const FileOptions& options)
    : path(path),
      options_(options),
      writable_(access != system::Access::kRead),
      in_memory_(false),
      file_lock_(std::make_shared<system::FileLock>(
          path, access, options.locking && !(options.swmr && access == system::Access::kRead))) {
  const Lock lock;
  try {
    if (locked) locked();
    open(access);
    opened();
  } catch (Error& error) {
    if (access == system::Access::kCreate) system::remove_file(path);
    error.name_file(path);
    throw;
  }
}

File::File(const std::string& path, std::unique_ptr<system::Replacement> replacement, const FileOptions& options)
    : path(path),
      options_(options),
      writable_(true),
      in_memory_(false),
      replacement_(std::move(replacement)),
      file_lock_(replacement_->make()) {
  const Lock lock;
  try {
    open(system::Access::kCreate);
    opened();
  } catch (Error& error) {
    error.name_file(path);
    throw;
  }
}

File::File(const std::string& name, system::Access access, const View& image, const FileOptions& options)
    : path(name), options_(options), writable_(access != system::Access::kRead), in_memory_(true) {
  const Lock lock;
  open_memory(image);
  opened();
}

File::File(const std::string& name, std::shared_ptr<RemoteBytes> bytes, const FileOptions& options)
    : path(name), options_(options), writable_(false), in_memory_(true), remote_(std::move(bytes)) {
  const Lock lock;
  open_remote();
  opened();
}

void File::open_remote() {
  if (!options_.accept_loss) refuse_unclosed(path, writer_marks(bytes_of(*remote_)), false);
  PropertiesId properties = access_properties(options_);
  use_remote_driver(properties.get(), *remote_);
  try {
    id_ = FileId(call<H5Fopen>(path.c_str(), unsigned{H5F_ACC_RDONLY}, properties.get()));
  } catch (const Error& error) {
    const bool is_hdf5 = superblock_at(bytes_of(*remote_)).has_value();
    Error unreadable =
        not_hdf5(path, is_hdf5 && !error.stack.empty() ? error.stack.back().text : "it has no HDF5 signature");
    unreadable.stack = error.stack;
    throw unreadable;
  }
}

void File::open_memory(const View& image) {
  PropertiesId properties = access_properties(options_);
  constexpr std::size_t kGrowth = 1 << 20;
  call<H5Pset_fapl_core>(properties.get(), kGrowth, hbool_t{false});
  // HDF5 identifies files in memory by their names.
  static unsigned long count = 0;
  const std::string unique = path + " " + std::to_string(++count);
  if (image.size == 0) {
    id_ = FileId(call<H5Fcreate>(unique.c_str(), unsigned{H5F_ACC_TRUNC}, creation_properties(options_).get(),
                                 properties.get()));
    return;
  }
  if (!options_.accept_loss) refuse_unclosed(path, writer_marks(bytes_of(image)), false);
  call<H5Pset_file_image>(properties.get(), static_cast<void*>(image.data), image.size);
  try {
    id_ = FileId(call<H5Fopen>(unique.c_str(), writable_ ? H5F_ACC_RDWR : H5F_ACC_RDONLY, properties.get()));
  } catch (const Error& error) {
    Error unreadable = not_hdf5(path, error.stack.empty() ? error.what() : error.stack.back().text);
    unreadable.stack = error.stack;
    throw unreadable;
  }
  if (writable_) check_free_space();
}

void File::open_filled() const {
  PropertiesId properties = access_properties(options_);
  use_driver(properties.get(), file_lock_->number(), place(), !options_.contained, false);
  remove_unopened(*file_lock_);
  to_be_opened_.reset();
  id_ = FileId(call<H5Fopen>(place().c_str(), unsigned{H5F_ACC_RDWR}, properties.get()));
}

void File::fill(const std::vector<unsigned char>& image) const {
  if (system::write_fully(held()->number(), image.data(), image.size(), 0)) return;
  throw system_error(errno, "write", path);
}

void File::open(system::Access access) {
  if (options_.opened_later) {
    to_be_opened_ = std::make_unique<system::SpareDescriptor>(file_lock_->number(), path);
    add_unopened(*file_lock_, [this] { open_filled(); });
    return;
  }
  PropertiesId properties = access_properties(options_);
  use_driver(properties.get(), file_lock_->number(), place(), !options_.contained, options_.swmr && writable_);
  if (access == system::Access::kCreate || access == system::Access::kReplace) {
    id_ = FileId(call<H5Fcreate>(place().c_str(), unsigned{H5F_ACC_TRUNC}, creation_properties(options_).get(),
                                 properties.get()));
    return;
  }
  // Readers in the writer's process share HDF5's open file with it.
  if (file_lock_->is_written_here()) {
    open_unopened(*file_lock_);
  } else if (!options_.accept_loss) {
    refuse_unclosed(path, writer_marks(bytes_of(*file_lock_)), options_.swmr && access == system::Access::kRead);
  }
  const unsigned swmr = options_.swmr ? H5F_ACC_SWMR_READ : 0;
  const unsigned flags = access == system::Access::kRead ? H5F_ACC_RDONLY | swmr : H5F_ACC_RDWR;
  try {
    id_ = FileId(call<H5Fopen>(path.c_str(), flags, properties.get()));
  } catch (const Error& error) {
    if (error.error_number != 0 || error.stack.empty()) throw;
    Error unreadable =
        not_hdf5(path, superblock_at(bytes_of(*file_lock_)) ? error.stack.back().text : "it has no HDF5 signature");
    unreadable.stack = error.stack;
    throw unreadable;
  }
  if (access == system::Access::kReadWrite) check_free_space();
}

void File::opened() {
  // HDF5 gives a reader the intent of the writer in this process that has the file open, because they share its
  // datasets.
  unsigned intent = to_be_opened_ ? H5F_ACC_RDWR : 0;
  if (!to_be_opened_) call<H5Fget_intent>(id_.get(), &intent);
  late_error_->can_lose = (intent & H5F_ACC_RDWR) != 0;
  open_ = true;
}

void File::check_free_space() {
  // With an array of one entry, HDF5 reads the lists. With none, it trusts the count in the file.
  H5F_sect_info_t first;
  if (H5Fget_free_sections(id_.get(), H5FD_MEM_DEFAULT, 1, &first) >= 0) return;
  const Error found = take_error();
  if (!in_memory_) leave_alone(id_.get());
  id_.reset();
  H5Eclear2(H5E_DEFAULT);
  Error error("ERR_FORMAT", "'" + path + "' cannot be opened for writing: its list of free space is damaged (" +
                                (found.stack.empty() ? found.what() : found.stack.back().text) +
                                "). It can be read, and h5repack makes a copy that can be written");
  error.stack = found.stack;
  throw error;
}

File::~File() {
  try {
    close();
  } catch (const Error&) {
    // A destructor cannot report an error. Writers call close() themselves.
  }
}

hid_t File::id() const {
  if (to_be_opened_) open_filled();
  if (!id_) throw Error("ERR_CLOSED", "'" + path + "' is closed");
  return id_.get();
}

void File::close(const std::function<void()>& whole) {
  // Destroyed after the Lock is released: the destructor of a part takes the Lock.
  std::vector<std::shared_ptr<OpenPart>> open_parts;
  const Lock lock;
  if (!open_.exchange(false)) return;
  if (std::exchange(to_be_opened_, nullptr)) remove_unopened(*file_lock_);
  for (const auto& weak : parts_) {
    if (auto part = weak.lock()) open_parts.push_back(std::move(part));
  }
  parts_.clear();
  for (const auto& part : open_parts) part->close_reporting_to(*late_error_);
  // A reader in this process may keep HDF5's shared file open after this close, so closing might not flush.
  const herr_t flushed = id_ ? H5Fflush(id_.get(), H5F_SCOPE_LOCAL) : 0;
  std::optional<Error> failure = late_error_->take();
  if (flushed < 0) {
    Error error = take_error();
    if (!failure) failure = std::move(error);
  }
  const herr_t closed = id_ ? H5Fclose(id_.release()) : 0;
  if (closed < 0) {
    Error error = take_error();
    if (!failure) failure = std::move(error);
  }
  try {
    if (whole && !failure) whole();
  } catch (const Error& error) {
    failure = error;
  }
  replacement_.reset();
  if (!in_memory_) {
    const std::lock_guard<std::mutex> guard(file_lock_mutex_);
    file_lock_->trim();
    file_lock_->release();
    // A sync() on another thread may still hold the descriptor for a moment.
    file_lock_.reset();
  }
  if (!failure) return;
  failure->name_file(path);
  throw *failure;
}

void File::flush() {
  const Lock lock;
  flush_locked();
}

void File::flush_locked() {
  call<H5Fflush>(id(), H5F_SCOPE_LOCAL);
  if (const auto error = late_error_->take()) throw *error;
}

std::shared_ptr<system::FileLock> File::held() const {
  const std::lock_guard<std::mutex> guard(file_lock_mutex_);
  if (!file_lock_) throw Error("ERR_CLOSED", "'" + path + "' is closed");
  return file_lock_;
}

hsize_t File::size() const {
  if (remote_) return remote_->size();
  if (!in_memory_) return static_cast<hsize_t>(held()->size());
  const Lock lock;
  // The size of the image: HDF5 allocates more memory than the file needs.
  return static_cast<hsize_t>(call<H5Fget_file_image>(id(), static_cast<void*>(nullptr), std::size_t{0}));
}

void File::sync() const { held()->sync(); }

void File::describe(std::uint64_t& device, std::uint64_t& inode, system::Rights& rights) const {
  const auto held = this->held();
  const auto status = system::status_of(held->number());
  auto found = system::rights_of(held->number());
  if (!status || !found) throw system_error(errno, "fstat", place());
  device = status->device;
  inode = status->inode;
  rights = std::move(*found);
}

std::shared_ptr<const void> File::take_name() {
  if (replacement_) replacement_->take_name();
  return std::shared_ptr<const system::Replacement>(std::move(replacement_));
}

bool File::read_at(haddr_t address, void* buffer, std::size_t size) const {
  return held()->read_at(address, buffer, size) == size;
}

void File::erase_at(haddr_t address, const std::string& bytes) const {
  std::string found(bytes.size(), '\0');
  if (!read_at(address, found.data(), found.size()) || found != bytes) return;
  const std::string zeros(bytes.size(), '\0');
  if (!system::write_fully(held()->number(), zeros.data(), zeros.size(), address)) {
    throw system_error(errno, "write", path);
  }
}

std::vector<unsigned char> File::image_locked() {
  if (remote_) throw Error("ERR_UNSUPPORTED", "'" + path + "' is remote; fetch its URL to get all of its bytes");
  flush_locked();
  if (in_memory_) return image_of(id());
  std::vector<unsigned char> image(size());
  image.resize(held()->read_at(0, image.data(), image.size()));
  return image;
}

bool File::is_written_here() const { return !in_memory_ && held()->is_written_here(); }

void File::watch_locked(const std::string& marker) {
  watch_marker(id(), marker);
  marker_ = marker;
}

std::optional<haddr_t> File::watched_at_locked() {
  flush_locked();
  const auto address = marker_address(id());
  std::string found(marker_.size(), '\0');
  if (!address || !read_at(*address, found.data(), found.size()) || found != marker_) return std::nullopt;
  return address;
}

void File::reserve_locked(hsize_t bytes) {
  if (in_memory_) return;
  hsize_t end = 0;
  call<H5Fget_filesize>(id(), &end);
  file_lock_->reserve(end + bytes);
}

void File::check_writable() const {
  if (writable_) return;
  Error error("ERR_READ_ONLY", "'" + path + "' is open for reading; 'r+' opens it for writing too");
  error.name_file(path);
  throw error;
}

PropertiesId File::access(hid_t property_class) const {
  PropertiesId properties =
      options_.contained ? contained_access(property_class) : PropertiesId(call<H5Pcreate>(property_class));
  if (options_.cache && property_class == H5P_DATASET_ACCESS) {
    properties = PropertiesId(call<H5Pcopy>(properties.get()));
    call<H5Pset_chunk_cache>(properties.get(), options_.cache->slots, options_.cache->bytes,
                             options_.cache->preemption);
  }
  return properties;
}

void File::keep(const std::shared_ptr<OpenPart>& part) {
  if (parts_.size() >= parts_swept_) {
    parts_.erase(std::remove_if(parts_.begin(), parts_.end(), [](const auto& weak) { return weak.expired(); }),
                 parts_.end());
    parts_swept_ = 2 * parts_.size() + 64;
  }
  parts_.push_back(part);
}

void File::start_swmr_locked() {
  if (!options_.swmr) throw Error("ERR_INVALID_ARGUMENT", "'" + path + "' was opened without swmr: true");
  call<H5Fstart_swmr_write>(id());
  if (!in_memory_) held()->share();
}

}  // namespace h5tracks::hdf5
