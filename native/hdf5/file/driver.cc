#include "hdf5/file/driver.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

#include "hdf5/core/call.h"
#include "system/io.h"

namespace h5tracks::hdf5 {

namespace {

// HDF5 copies it with memcpy.
struct DriverInfo {
  system::FileNumber number;
  bool others;
  char path[system::kLongestPath];
};

struct OpenFile;

// What H5Fget_vfd_handle returns. The descriptor is first, because other code takes the handle for a pointer to a
// descriptor.
struct FileHandle {
  int descriptor;
  system::FileNumber number;
  OpenFile* file;
};

struct OpenFile : H5FD_t {
  FileHandle handle;
  DriverInfo info;
  system::FileStatus status;  // as it was opened
  haddr_t end_of_addresses, end_of_file;
  std::string marker;
  std::optional<haddr_t> marker_address;
  bool left_alone;
};

// State of the WriteWatch; only one can exist under the Lock.
const void* watched_bytes = nullptr;
std::optional<haddr_t> watched_address;

constexpr haddr_t kLargestAddress = std::numeric_limits<std::int64_t>::max();

OpenFile* ours(H5FD_t* file) { return static_cast<OpenFile*>(file); }
const OpenFile* ours(const H5FD_t* file) { return static_cast<const OpenFile*>(file); }

bool truncate_to(system::FileNumber file, haddr_t size) {
  if (system::truncate_file(file, size)) return true;
  push_system_error(errno, "ftruncate");
  return false;
}

// A damaged file may contain larger addresses; HDF5 reports the error.
bool addressable(haddr_t address, std::size_t size) {
  return address <= kLargestAddress && size <= kLargestAddress - address;
}

// A file that this one names is opened with the same access, and never created.
system::Descriptor opened(const DriverInfo& info, const char* name, unsigned flags) {
  const bool known = std::strcmp(name, info.path) == 0;
  if (!known && (!info.others || flags & (H5F_ACC_TRUNC | H5F_ACC_CREAT | H5F_ACC_EXCL))) return {};
  const auto mode = flags & H5F_ACC_RDWR ? system::OpenMode::kReadWrite : system::OpenMode::kRead;
  system::Descriptor file(known ? system::duplicate(info.number) : system::open_file(name, mode));
  if (!file) push_system_error(errno, known ? "fcntl" : "open");
  return file;
}

H5FD_t* open_file(const char* name, unsigned flags, hid_t access, haddr_t) {
  const auto* info = static_cast<const DriverInfo*>(H5Pget_driver_info(access));
  if (!info) return nullptr;
  system::Descriptor given = opened(*info, name, flags);
  if (!given) return nullptr;
  const auto status = system::status_of(given.get());
  if (!status) push_system_error(errno, "fstat");
  // An empty file is not truncated again: some file systems take truncation for the start of a replacement, and write
  // the whole file to the disk when it is closed.
  const bool truncates = (flags & H5F_ACC_TRUNC) != 0 && status && status->bytes > 0;
  if (status && (!truncates || truncate_to(given.get(), 0))) {
    if (auto* file = new (std::nothrow) OpenFile{}) {
      file->handle = {static_cast<int>(given.get()), given.get(), file};
      file->info = *info;
      file->status = *status;
      file->end_of_file = flags & H5F_ACC_TRUNC ? 0 : static_cast<haddr_t>(status->bytes);
      given.release();
      return file;
    }
    push_system_error(ENOMEM, "open");
  }
  return nullptr;
}

// Files that this one names get the same properties.
void* info_of(H5FD_t* file) {
  auto* info = static_cast<DriverInfo*>(std::malloc(sizeof(DriverInfo)));
  if (info) *info = ours(file)->info;
  return info;
}

herr_t close_file(H5FD_t* file) {
  const bool closed = system::close_file(ours(file)->handle.number);
  // The file is closed even if that fails.
  if (!closed) push_system_error(errno, "close");
  delete ours(file);
  return closed ? 0 : -1;
}

int compare(const H5FD_t* one, const H5FD_t* other) {
  const auto identity = [](const H5FD_t* file) {
    return std::pair(ours(file)->status.device, ours(file)->status.inode);
  };
  const auto a = identity(one), b = identity(other);
  return a < b ? -1 : b < a ? 1 : 0;
}

herr_t query(const H5FD_t*, unsigned long* flags) {
  if (!flags) return 0;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_POSIX_COMPAT_HANDLE | H5FD_FEAT_SUPPORTS_SWMR_IO;
#ifdef H5FD_FEAT_DEFAULT_VFD_COMPATIBLE
  *flags |= H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
#endif
  return 0;
}

haddr_t end_of_addresses(const H5FD_t* file, H5FD_mem_t) { return ours(file)->end_of_addresses; }

herr_t set_end_of_addresses(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  ours(file)->end_of_addresses = address;
  return 0;
}

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) { return ours(file)->end_of_file; }

herr_t handle_of(H5FD_t* file, hid_t, void** handle) {
  *handle = &ours(file)->handle;
  return 0;
}

herr_t read_file(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  if (!addressable(address, size)) return -1;
  const std::ptrdiff_t got = system::read_fully(ours(file)->handle.number, buffer, size, address);
  if (got < 0) {
    push_system_error(errno, "read");
    return -1;
  }
  // HDF5 may read addresses that it has allocated beyond the end of the file.
  std::memset(static_cast<char*>(buffer) + got, 0, size - static_cast<std::size_t>(got));
  return 0;
}

herr_t write_file(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, const void* buffer) {
  OpenFile& open = *ours(file);
  if (open.left_alone) return 0;
  if (!addressable(address, size)) return -1;
  if (!system::write_fully(open.handle.number, buffer, size, address)) {
    push_system_error(errno, "write");
    return -1;
  }
  if (address + size > open.end_of_file) open.end_of_file = address + size;
  if (buffer == watched_bytes) {
    watched_address = address;
  } else if (!open.marker.empty()) {
    const auto at = std::string_view(static_cast<const char*>(buffer), size).find(open.marker);
    if (at != std::string_view::npos) open.marker_address = address + at;
  }
  return 0;
}

herr_t truncate_file(H5FD_t* file, hid_t, hbool_t) {
  OpenFile& open = *ours(file);
  if (open.left_alone || open.end_of_addresses == open.end_of_file) return 0;
  if (!truncate_to(open.handle.number, open.end_of_addresses)) return -1;
  open.end_of_file = open.end_of_addresses;
  return 0;
}

// The file is locked by us. But HDF5 marks a file as being written only if the driver can lock.
herr_t lock_file(H5FD_t*, hbool_t) { return 0; }
herr_t unlock_file(H5FD_t*) { return 0; }

hid_t register_driver(const char* name, bool marked) {
  H5FD_class_t driver{};
#ifdef H5FD_CLASS_VERSION
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(H5_VFD_RESERVED);
#endif
  driver.name = name;
  driver.maxaddr = kLargestAddress;
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.fapl_size = sizeof(DriverInfo);
  driver.fapl_get = info_of;
  driver.open = open_file;
  driver.close = close_file;
  driver.cmp = compare;
  driver.query = query;
  driver.get_eoa = end_of_addresses;
  driver.set_eoa = set_end_of_addresses;
  driver.get_eof = end_of_file;
  driver.get_handle = handle_of;
  driver.read = read_file;
  driver.write = write_file;
  driver.truncate = truncate_file;
  if (marked) {
    driver.lock = lock_file;
    driver.unlock = unlock_file;
  }
  // Separates raw data from metadata in the file, as sec2 does.
  constexpr H5FD_mem_t kFreeLists[] = H5FD_FLMAP_DICHOTOMY;
  static_assert(sizeof kFreeLists == sizeof driver.fl_map);
  std::memcpy(driver.fl_map, kFreeLists, sizeof kFreeLists);
  return call<H5FDregister>(static_cast<const H5FD_class_t*>(&driver));
}

OpenFile& open_file_of(hid_t file) {
  void* handle = nullptr;
  call<H5Fget_vfd_handle>(file, H5P_DEFAULT, &handle);
  return *static_cast<FileHandle*>(handle)->file;
}

}  // namespace

void use_driver(hid_t access, system::FileNumber number, const std::string& path, bool others, bool marked) {
  static const hid_t plain = register_driver("h5tracks", false), marking = register_driver("h5tracks-swmr", true);
  DriverInfo info{number, others, ""};
  if (path.size() >= sizeof info.path) throw system_error(ENAMETOOLONG, "open", path);
  path.copy(info.path, path.size());
  call<H5Pset_driver>(access, marked ? marking : plain, static_cast<const void*>(&info));
}

WriteWatch::WriteWatch(const void* bytes) {
  watched_bytes = bytes;
  watched_address.reset();
}

WriteWatch::~WriteWatch() { watched_bytes = nullptr; }

std::optional<haddr_t> WriteWatch::address() const { return watched_address; }

void watch_marker(hid_t file, const std::string& marker) {
  OpenFile& open = open_file_of(file);
  open.marker = marker;
  open.marker_address.reset();
}

void leave_alone(hid_t file) { open_file_of(file).left_alone = true; }

std::optional<haddr_t> marker_address(hid_t file) { return open_file_of(file).marker_address; }

}  // namespace h5tracks::hdf5
