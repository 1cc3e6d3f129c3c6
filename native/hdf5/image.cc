#include "hdf5/image.h"

#include <cstring>

#include "hdf5/call.h"

namespace h5tracks::hdf5 {

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
