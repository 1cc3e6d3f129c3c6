#include "hdf5/remote/remote_driver.h"

#include <cstring>
#include <functional>
#include <limits>
#include <new>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

// HDF5 copies it with memcpy.
struct DriverInfo {
  RemoteBytes* bytes;
};

struct OpenFile : H5FD_t {
  RemoteBytes* bytes;
  haddr_t end_of_addresses;
};

OpenFile* ours(H5FD_t* file) { return static_cast<OpenFile*>(file); }
const OpenFile* ours(const H5FD_t* file) { return static_cast<const OpenFile*>(file); }

H5FD_t* open_file(const char*, unsigned flags, hid_t access, haddr_t) {
  const auto* info = static_cast<const DriverInfo*>(H5Pget_driver_info(access));
  if (!info || (flags & (H5F_ACC_RDWR | H5F_ACC_TRUNC | H5F_ACC_CREAT))) return nullptr;
  auto* file = new (std::nothrow) OpenFile{};
  if (file) file->bytes = info->bytes;
  return file;
}

herr_t close_file(H5FD_t* file) {
  delete ours(file);
  return 0;
}

int compare(const H5FD_t* one, const H5FD_t* other) {
  const std::less<> before;
  return before(ours(one)->bytes, ours(other)->bytes) ? -1 : before(ours(other)->bytes, ours(one)->bytes) ? 1 : 0;
}

// None: after a read that failed, HDF5's buffers for metadata and raw data would hold wrong bytes.
herr_t query(const H5FD_t*, unsigned long* flags) {
  if (flags) *flags = 0;
  return 0;
}

haddr_t end_of_addresses(const H5FD_t* file, H5FD_mem_t) { return ours(file)->end_of_addresses; }

herr_t set_end_of_addresses(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  ours(file)->end_of_addresses = address;
  return 0;
}

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) { return ours(file)->bytes->size(); }

herr_t read_file(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, std::size_t size, void* buffer) {
  if (address > std::numeric_limits<haddr_t>::max() - size) return -1;
  return ours(file)->bytes->read(address, buffer, size) ? 0 : -1;
}

herr_t write_file(H5FD_t*, H5FD_mem_t, hid_t, haddr_t, std::size_t, const void*) { return -1; }

hid_t register_driver() {
  H5FD_class_t driver{};
#ifdef H5FD_CLASS_VERSION
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(H5_VFD_RESERVED + 1);
#endif
  driver.name = "h5tracks-remote";
  driver.maxaddr = std::numeric_limits<int64_t>::max();
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.fapl_size = sizeof(DriverInfo);
  driver.open = open_file;
  driver.close = close_file;
  driver.cmp = compare;
  driver.query = query;
  driver.get_eoa = end_of_addresses;
  driver.set_eoa = set_end_of_addresses;
  driver.get_eof = end_of_file;
  driver.read = read_file;
  driver.write = write_file;
  constexpr H5FD_mem_t kFreeLists[] = H5FD_FLMAP_DICHOTOMY;
  static_assert(sizeof kFreeLists == sizeof driver.fl_map);
  std::memcpy(driver.fl_map, kFreeLists, sizeof kFreeLists);
  return call<H5FDregister>(static_cast<const H5FD_class_t*>(&driver));
}

}  // namespace

void use_remote_driver(hid_t access, RemoteBytes& bytes) {
  static const hid_t driver = register_driver();
  const DriverInfo info{&bytes};
  call<H5Pset_driver>(access, driver, static_cast<const void*>(&info));
}

}  // namespace h5tracks::hdf5
