#include "hdf5/file/superblock.h"

#include <algorithm>
#include <iterator>

namespace h5tracks::hdf5 {

std::optional<std::uint64_t> superblock_at(const ByteReader& read) {
  static const unsigned char kSignature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  unsigned char found[sizeof kSignature];
  for (std::uint64_t at = 0; read(at, found, sizeof found); at = at == 0 ? 512 : at * 2) {
    if (std::equal(std::begin(found), std::end(found), kSignature)) return at;
  }
  return std::nullopt;
}

WriterMarks writer_marks(const ByteReader& read) {
  constexpr unsigned char kWriting = 1, kSwmr = 4;
  const auto at = superblock_at(read);
  // The signature is followed by the version, the sizes of addresses and lengths, and the flags, which have a meaning
  // only from version 3 on.
  unsigned char fields[4];
  if (!at || !read(*at + 8, fields, sizeof fields) || fields[0] != 3) return {false, false};
  return {(fields[3] & kWriting) != 0, (fields[3] & kSwmr) != 0};
}

}  // namespace h5tracks::hdf5
