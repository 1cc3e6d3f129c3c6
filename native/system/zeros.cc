#include "system/zeros.h"

#include <algorithm>
#include <vector>

#include "system/io.h"

namespace h5tracks::system {

bool write_zeros(FileNumber file, std::uint64_t from, std::uint64_t end) {
  const std::vector<unsigned char> zeros(std::size_t{1} << 20);
  for (std::uint64_t at = from; at < end; at += zeros.size()) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), end - at));
    if (!write_fully(file, zeros.data(), size, at)) return false;
  }
  return true;
}

}  // namespace h5tracks::system
