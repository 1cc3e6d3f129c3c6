#include "hdf5/file/image.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "hdf5/core/call.h"

// A function of HDF5's that no header declares.
extern "C" uint32_t H5_checksum_metadata(const void* data, std::size_t size, uint32_t initial);

namespace h5tracks::hdf5 {

namespace {

// In the image, HDF5 clears the flag of a file open for writing but does not update the superblock's checksum. Versions
// 0 and 1 have neither.
void renew_checksum(std::vector<unsigned char>& image) {
  constexpr unsigned char kSignature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  constexpr std::size_t kAddresses = 12;  // addresses: base, extension, end of file, root group
  if (image.size() < kAddresses || !std::equal(std::begin(kSignature), std::end(kSignature), image.begin())) return;
  const std::size_t end = kAddresses + std::size_t{4} * image[9];
  if (image[8] < 2 || image.size() < end + 4) return;
  uint32_t checksum = H5_checksum_metadata(image.data(), end, 0);
  for (std::size_t i = 0; i < 4; ++i, checksum >>= 8) image[end + i] = static_cast<unsigned char>(checksum);
}

}  // namespace

FileId new_memory_file() {
  PropertiesId access(call<H5Pcreate>(H5P_FILE_ACCESS));
  constexpr std::size_t kGrowth = 64 << 10;
  call<H5Pset_fapl_core>(access.get(), kGrowth, false);
  return FileId(call<H5Fcreate>("memory", unsigned{H5F_ACC_TRUNC}, H5P_DEFAULT, access.get()));
}

std::vector<unsigned char> image_of(hid_t file) {
  call<H5Fflush>(file, H5F_SCOPE_LOCAL);
  const ssize_t bytes = call<H5Fget_file_image>(file, nullptr, std::size_t{0});
  std::vector<unsigned char> image(static_cast<std::size_t>(bytes));
  call<H5Fget_file_image>(file, static_cast<void*>(image.data()), image.size());
  renew_checksum(image);
  return image;
}

ObjectToken token_of(hid_t object) {
  ObjectToken token{};
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  call<H5Oget_info3>(object, &info, unsigned{H5O_INFO_BASIC});
  std::memcpy(token.data(), &info.token, sizeof info.token);
#else
  H5O_info_t info;
  call<H5Oget_info2>(object, &info, unsigned{H5O_INFO_BASIC});
  std::memcpy(token.data(), &info.addr, sizeof info.addr);
#endif
  return token;
}

}  // namespace h5tracks::hdf5
