#include "hdf5/file.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "hdf5/call.h"
#include "hdf5/containment.h"
#include "hdf5/driver.h"
#include "hdf5/lock.h"
#include "hdf5/skeleton.h"
#include "system/io.h"

namespace h5tracks::hdf5 {

namespace {

PropertiesId access_properties(int descriptor) {
  PropertiesId properties(call<H5Pcreate>(H5P_FILE_ACCESS));
  // The same everywhere: HDF5 refuses a second open in the process with another degree.
  call<H5Pset_fclose_degree>(properties.get(), H5F_CLOSE_STRONG);
  use_driver(properties.get(), descriptor);
  return properties;
}

// Where HDF5 looks for it: at the beginning, or behind foreign bytes, of which there are 512 or twice that, and so on.
bool has_signature(const FileLock& file) {
  static const unsigned char kSignature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  unsigned char found[sizeof kSignature];
  for (std::uint64_t at = 0; file.read_at(at, found, sizeof found) == sizeof found; at = at == 0 ? 512 : at * 2) {
    if (std::equal(std::begin(found), std::end(found), kSignature)) return true;
  }
  return false;
}

Error not_hdf5(const std::string& path, const std::string& why) {
  Error error("ERR_NOT_HDF5", "'" + path + "' is not a readable HDF5 file: " + why);
  error.name_file(path);
  return error;
}

bool is_external_link(hid_t file, const std::string& path, hid_t access) {
  H5L_info_t info;
  call<H5Lget_info>(file, path.c_str(), &info, access);
  return info.type == H5L_TYPE_EXTERNAL;
}

herr_t collect_link(hid_t, const char* name, const H5L_info_t*, void* into) {
  static_cast<Strings*>(into)->emplace_back(name);
  return 0;
}

}  // namespace

File::File(const std::string& path, Access access, const std::function<void()>& locked)
    : path(path), file_lock_(std::make_shared<FileLock>(path, access)) {
  const Lock lock;
  try {
    if (locked) locked();
    open(access);
  } catch (Error& error) {
    if (access == Access::kCreate) ::unlink(path.c_str());
    error.name_file(path);
    throw;
  }
}

void File::open(Access access) {
  PropertiesId properties = access_properties(file_lock_->descriptor());
  if (access == Access::kCreate || access == Access::kReplace) {
    id_ = FileId(call<H5Fcreate>(path.c_str(), unsigned{H5F_ACC_TRUNC}, H5P_DEFAULT, properties.get()));
    return;
  }
  const unsigned flags = access == Access::kRead ? H5F_ACC_RDONLY : H5F_ACC_RDWR;
  try {
    id_ = FileId(call<H5Fopen>(path.c_str(), flags, properties.get()));
  } catch (const Error& error) {
    if (error.error_number != 0 || error.stack.empty()) throw;
    Error unreadable =
        not_hdf5(path, has_signature(*file_lock_) ? error.stack.back().text : "it has no HDF5 signature");
    unreadable.stack = error.stack;
    throw unreadable;
  }
}

File::~File() {
  try {
    close();
  } catch (const Error&) {
    // A destructor has nobody to tell. Writers close explicitly and report.
  }
}

hid_t File::id() const {
  if (!id_) throw Error("ERR_CLOSED", "'" + path + "' is closed");
  return id_.get();
}

bool File::is_open() const {
  const Lock lock;
  return static_cast<bool>(id_);
}

void File::close(const std::function<void()>& whole) {
  // Released after the Lock: the last owner of a Dataset takes it.
  std::vector<std::shared_ptr<Dataset>> open_datasets;
  const Lock lock;
  if (!id_) return;
  for (const auto& weak : datasets_) {
    if (auto dataset = weak.lock()) open_datasets.push_back(std::move(dataset));
  }
  datasets_.clear();
  for (const auto& dataset : open_datasets) dataset->close_locked();
  // A reader of this process may keep HDF5's shared file open beyond this close.
  const herr_t flushed = H5Fflush(id_.get(), H5F_SCOPE_LOCAL);
  std::optional<Error> failure;
  if (flushed < 0) failure = take_error();
  const herr_t closed = H5Fclose(id_.release());
  if (closed < 0) {
    Error error = take_error();
    if (!failure) failure = std::move(error);
  }
  try {
    if (whole && !failure) whole();
  } catch (const Error& error) {
    failure = error;
  }
  {
    const std::lock_guard<std::mutex> guard(file_lock_mutex_);
    file_lock_->trim();
    file_lock_->release();
    // A sync() on another thread may have the descriptor a little longer.
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

void File::flush_locked() { call<H5Fflush>(id(), H5F_SCOPE_LOCAL); }

std::shared_ptr<FileLock> File::held() const {
  const std::lock_guard<std::mutex> guard(file_lock_mutex_);
  if (!file_lock_) throw Error("ERR_CLOSED", "'" + path + "' is closed");
  return file_lock_;
}

hsize_t File::size() const { return static_cast<hsize_t>(held()->size()); }

void File::sync() const { held()->sync(); }

bool File::read_at(haddr_t address, void* buffer, std::size_t size) const {
  return held()->read_at(address, buffer, size) == size;
}

void File::erase_at(haddr_t address, const std::string& bytes) const {
  std::string found(bytes.size(), '\0');
  if (!read_at(address, found.data(), found.size()) || found != bytes) return;
  const std::string zeros(bytes.size(), '\0');
  if (!system::write_fully(held()->descriptor(), zeros.data(), zeros.size(), address)) {
    throw system_error(errno, "write", path);
  }
}

std::vector<unsigned char> File::image_locked() {
  flush_locked();
  std::vector<unsigned char> image(size());
  image.resize(held()->read_at(0, image.data(), image.size()));
  return image;
}

std::vector<unsigned char> File::skeleton_locked(const std::set<std::string>& emptied, std::vector<std::string>& lost) {
  return skeleton(id(), emptied, lost);
}

bool File::is_written_here() const { return held()->is_written_here(); }

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
  hsize_t end = 0;
  call<H5Fget_filesize>(id(), &end);
  file_lock_->reserve(static_cast<off_t>(end + bytes));
}

std::optional<ObjectKind> File::kind(const std::string& path) const {
  const Lock lock;
  PropertiesId access = contained_access(H5P_LINK_ACCESS);
  // HDF5 asks for every link on the way; a missing one is an answer here, not an error.
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string prefix = path.substr(0, end);
    if (call<H5Lexists>(id(), prefix.c_str(), access.get()) == 0) return std::nullopt;
    if (is_external_link(id(), prefix, access.get())) return ObjectKind::kExternalLink;
    at = end + 1;
  }
  const htri_t resolves = path == "/" ? 1 : H5Oexists_by_name(id(), path.c_str(), access.get());
  if (resolves <= 0) {
    H5Eclear2(H5E_DEFAULT);
    return std::nullopt;
  }
  ObjectId object(call<H5Oopen>(id(), path.c_str(), access.get()));
  switch (call<H5Iget_type>(object.get())) {
    case H5I_GROUP:
      return ObjectKind::kGroup;
    case H5I_DATASET:
      return ObjectKind::kDataset;
    default:
      return ObjectKind::kDatatype;
  }
}

std::vector<std::string> File::children(const std::string& group) const {
  const Lock lock;
  PropertiesId access = contained_access(H5P_GROUP_ACCESS);
  GroupId owner(call<H5Gopen2>(id(), group.c_str(), access.get()));
  Strings names;
  hsize_t at = 0;
  // Sorted here: HDF5 sorts in a table as long as the file says, which it may leave partly unset.
  call<H5Literate>(owner.get(), H5_INDEX_NAME, H5_ITER_NATIVE, &at, collect_link, static_cast<void*>(&names));
  std::sort(names.begin(), names.end());
  return names;
}

void File::create_group(const std::string& path) {
  const Lock lock;
  PropertiesId link(call<H5Pcreate>(H5P_LINK_CREATE));
  call<H5Pset_char_encoding>(link.get(), H5T_CSET_UTF8);
  GroupId(call<H5Gcreate2>(id(), path.c_str(), link.get(), H5P_DEFAULT, H5P_DEFAULT));
}

void File::create_dataset(const DatasetSpec& spec) {
  const Lock lock;
  hdf5::create_dataset(id(), spec);
}

std::shared_ptr<Dataset> File::open_dataset(const std::string& path) {
  const Lock lock;
  auto dataset = std::make_shared<Dataset>(id(), this->path, path);
  datasets_.erase(std::remove_if(datasets_.begin(), datasets_.end(), [](const auto& weak) { return weak.expired(); }),
                  datasets_.end());
  datasets_.push_back(dataset);
  return dataset;
}

std::vector<std::string> File::attribute_names(const std::string& object) const {
  const Lock lock;
  return hdf5::attribute_names(id(), object);
}

AttributeData File::read_attribute(const std::string& object, const std::string& name) const {
  const Lock lock;
  return hdf5::read_attribute(id(), object, name);
}

void File::write_attribute(const std::string& object, const std::string& name, const Shape& shape,
                           const Strings& values) {
  const Lock lock;
  hdf5::write_attribute(id(), object, name, shape, values);
}

void File::write_attribute(const std::string& object, const std::string& name, const Shape& shape, Element element,
                           const void* values) {
  const Lock lock;
  hdf5::write_attribute(id(), object, name, shape, element, values);
}

void File::delete_attribute(const std::string& object, const std::string& name) {
  const Lock lock;
  hdf5::delete_attribute(id(), object, name);
}

}  // namespace h5tracks::hdf5
