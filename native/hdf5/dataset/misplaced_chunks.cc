#include "hdf5/dataset/misplaced_chunks.h"

#include <algorithm>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

struct Reported {
  hsize_t row = 0, column = 0;
};

// Creates a dataset in memory that is affected, stores one chunk at (1, 0), and returns where HDF5 reports it.
Reported reported_place() {
  PropertiesId access(call<H5Pcreate>(H5P_FILE_ACCESS)), creation(call<H5Pcreate>(H5P_DATASET_CREATE));
  call<H5Pset_fapl_core>(access.get(), std::size_t{1} << 16, hbool_t{false});
  call<H5Pset_libver_bounds>(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  const FileId file(call<H5Fcreate>("h5tracks places of chunks", unsigned{H5F_ACC_TRUNC}, H5P_DEFAULT, access.get()));
  const hsize_t extent[] = {2, 2}, most[] = {2, H5S_UNLIMITED}, chunk[] = {1, 1}, offset[] = {1, 0};
  call<H5Pset_chunk>(creation.get(), 2, static_cast<const hsize_t*>(chunk));
  const SpaceId space(
      call<H5Screate_simple>(2, static_cast<const hsize_t*>(extent), static_cast<const hsize_t*>(most)));
  const DatasetId dataset(
      call<H5Dcreate2>(file.get(), "d", H5T_STD_U8LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
  const unsigned char value = 1;
  call<H5Dwrite_chunk>(dataset.get(), H5P_DEFAULT, uint32_t{0}, static_cast<const hsize_t*>(offset), sizeof value,
                       static_cast<const void*>(&value));
  hsize_t reported[2] = {}, size = 0;
  unsigned skipped = 0;
  haddr_t address = 0;
  call<H5Dget_chunk_info>(dataset.get(), space.get(), hsize_t{0}, static_cast<hsize_t*>(reported), &skipped, &address,
                          &size);
  return {reported[0], reported[1]};
}

// Tested once, because the library in use may be a patched one.
bool reports_wrong_places() {
  static const bool wrong = [] {
    const Reported reported = reported_place();
    return reported.row != 1 || reported.column != 0;
  }();
  return wrong;
}

}  // namespace

std::optional<MisplacedChunks> MisplacedChunks::of(hid_t dataset) {
  const SpaceId space(call<H5Dget_space>(dataset));
  MisplacedChunks found;
  found.most_.resize(static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space.get())));
  call<H5Sget_simple_extent_dims>(space.get(), nullptr, found.most_.data());
  const auto& most = found.most_;
  const auto unlimited = std::find(most.begin(), most.end(), H5S_UNLIMITED);
  if (unlimited == most.begin() || unlimited == most.end() || std::count(unlimited, most.end(), H5S_UNLIMITED) > 1) {
    return std::nullopt;
  }
  H5D_chunk_index_t index{};
  call<H5Dget_chunk_index_type>(dataset, &index);
  if (index != H5D_CHUNK_IDX_EARRAY || !reports_wrong_places()) return std::nullopt;
  found.unlimited_ = static_cast<std::size_t>(unlimited - most.begin());
  const PropertiesId properties(call<H5Dget_create_plist>(dataset));
  found.chunk_.resize(most.size());
  call<H5Pget_chunk>(properties.get(), static_cast<int>(most.size()), found.chunk_.data());
  for (std::size_t axis = 0; axis < most.size(); ++axis) {
    if (axis != found.unlimited_) found.most_[axis] = (found.most_[axis] + found.chunk_[axis] - 1) / found.chunk_[axis];
  }
  return found;
}

void MisplacedChunks::mend(hsize_t* offset) const {
  // The chunk's index in the array. HDF5 derived the offset from this index as if the unlimited axis, which has no end,
  // came in its own place.
  hsize_t number = offset[unlimited_] / chunk_[unlimited_];
  for (std::size_t axis = unlimited_ + 1; axis < most_.size(); ++axis) {
    number = number * most_[axis] + offset[axis] / chunk_[axis];
  }
  for (std::size_t axis = most_.size(); axis-- > 0;) {
    if (axis == unlimited_) continue;
    offset[axis] = number % most_[axis] * chunk_[axis];
    number /= most_[axis];
  }
  offset[unlimited_] = number * chunk_[unlimited_];
}

}  // namespace h5tracks::hdf5
