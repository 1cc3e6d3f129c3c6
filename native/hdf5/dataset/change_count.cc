#include "hdf5/dataset/change_count.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

// HDF5's number of the open file, and its name for the object in the file.
#if H5_VERSION_GE(1, 12, 0)
using Name = std::array<std::uint8_t, sizeof(H5O_token_t)>;
#else
using Name = haddr_t;
#endif
using Identity = std::pair<unsigned long, Name>;

Identity identity_of(hid_t object) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  call<H5Oget_info3>(object, &info, unsigned{H5O_INFO_BASIC});
  Name name;
  std::copy(std::begin(info.token.__data), std::end(info.token.__data), name.begin());
  return {info.fileno, name};
#else
  H5O_info_t info;
  if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0) throw take_error();
  return {info.fileno, info.addr};
#endif
}

}  // namespace

std::shared_ptr<ChangeCount> change_count_of(hid_t dataset) {
  // Guarded by the Lock. Weak pointers, because HDF5 may reuse a name once the object is closed everywhere.
  static auto* counts = new std::map<Identity, std::weak_ptr<ChangeCount>>;
  std::weak_ptr<ChangeCount>& known = (*counts)[identity_of(dataset)];
  if (auto count = known.lock()) return count;
  auto count = std::make_shared<ChangeCount>(0);
  known = count;
  // Removes expired entries from time to time.
  static std::size_t many = 64;
  if (counts->size() < many) return count;
  for (auto entry = counts->begin(); entry != counts->end();) {
    entry = entry->second.expired() ? counts->erase(entry) : std::next(entry);
  }
  many = 2 * counts->size() + 64;
  return count;
}

}  // namespace h5tracks::hdf5
