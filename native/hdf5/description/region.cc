#include "hdf5/description/region.h"

#include <cstring>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

enum Kind : unsigned char { kNone = 'n', kAll = 'a', kPoints = 'p', kRegular = 'r', kBlocks = 'b' };

// A small file can claim more blocks than fit into memory.
constexpr hssize_t kMostBlocks = hssize_t{1} << 20;

void append(Kind kind, std::size_t rank, const Shape& numbers, Bytes& into) {
  into.push_back(kind);
  into.push_back(static_cast<unsigned char>(rank));
  const auto* bytes = reinterpret_cast<const unsigned char*>(numbers.data());
  into.insert(into.end(), bytes, bytes + numbers.size() * sizeof(hsize_t));
}

hssize_t counted(hssize_t count) {
  if (count <= kMostBlocks) return count;
  throw Error("ERR_TOO_LARGE", "a region reference selects " + std::to_string(count) + " blocks, more than " +
                                   std::to_string(kMostBlocks));
}

Shape points_of(hid_t space, std::size_t rank) {
  const hssize_t count = counted(call<H5Sget_select_elem_npoints>(space));
  Shape points(static_cast<std::size_t>(count) * rank);
  call<H5Sget_select_elem_pointlist>(space, hsize_t{0}, static_cast<hsize_t>(count), points.data());
  return points;
}

// The first and last corner of each block.
Shape blocks_of(hid_t space, std::size_t rank) {
  const hssize_t count = counted(call<H5Sget_select_hyper_nblocks>(space));
  Shape corners(static_cast<std::size_t>(count) * 2 * rank);
  call<H5Sget_select_hyper_blocklist>(space, hsize_t{0}, static_cast<hsize_t>(count), corners.data());
  return corners;
}

Shape regular_of(hid_t space, std::size_t rank) {
  Shape all(4 * rank);
  call<H5Sget_regular_hyperslab>(space, all.data(), all.data() + rank, all.data() + 2 * rank, all.data() + 3 * rank);
  return all;
}

[[noreturn]] void refuse() { throw Error("ERR_INVALID_ARGUMENT", "these bytes are not a region reference"); }

void select_blocks(const Shape& corners, std::size_t rank, hid_t space) {
  call<H5Sselect_none>(space);
  Shape count(rank);
  for (std::size_t at = 0; at < corners.size(); at += 2 * rank) {
    const hsize_t *first = corners.data() + at, *last = first + rank;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      if (last[axis] < first[axis]) refuse();
      count[axis] = last[axis] - first[axis] + 1;
    }
    call<H5Sselect_hyperslab>(space, H5S_SELECT_OR, first, nullptr, count.data(), nullptr);
  }
}

}  // namespace

void append_selection(hid_t space, Bytes& into) {
  const auto rank = static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space));
  switch (call<H5Sget_select_type>(space)) {
    case H5S_SEL_NONE:
      return append(kNone, rank, {}, into);
    case H5S_SEL_POINTS:
      return append(kPoints, rank, points_of(space, rank), into);
    case H5S_SEL_HYPERSLABS:
      if (call<H5Sis_regular_hyperslab>(space) > 0) return append(kRegular, rank, regular_of(space, rank), into);
      return append(kBlocks, rank, blocks_of(space, rank), into);
    default:
      return append(kAll, rank, {}, into);
  }
}

void apply_selection(const View& bytes, hid_t space) {
  const auto rank = static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space));
  if (bytes.size < 2 || bytes.data[1] != rank || (bytes.size - 2) % sizeof(hsize_t) != 0) refuse();
  Shape numbers((bytes.size - 2) / sizeof(hsize_t));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data + 2, bytes.size - 2);
  const std::size_t in_one = bytes.data[0] == kPoints ? rank : bytes.data[0] == kBlocks ? 2 * rank : 4 * rank;
  const bool listed = bytes.data[0] == kPoints || bytes.data[0] == kBlocks || bytes.data[0] == kRegular;
  if (listed ? in_one == 0 || numbers.size() % in_one != 0 || numbers.empty() : !numbers.empty()) refuse();
  switch (bytes.data[0]) {
    case kNone:
      call<H5Sselect_none>(space);
      return;
    case kAll:
      call<H5Sselect_all>(space);
      return;
    case kPoints:
      call<H5Sselect_elements>(space, H5S_SELECT_SET, numbers.size() / rank, numbers.data());
      return;
    case kBlocks:
      return select_blocks(numbers, rank, space);
    case kRegular:
      if (numbers.size() != 4 * rank) refuse();
      call<H5Sselect_hyperslab>(space, H5S_SELECT_SET, numbers.data(), numbers.data() + rank, numbers.data() + 2 * rank,
                                numbers.data() + 3 * rank);
      return;
    default:
      refuse();
  }
}

}  // namespace h5tracks::hdf5
