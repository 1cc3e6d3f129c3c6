#include "hdf5/dataset/sanity_checks.h"

#include <algorithm>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

// Smaller chunks are not compared with the file's size.
constexpr hsize_t kSmallChunk = hsize_t{1} << 20;

}  // namespace

void refuse_impossible(hid_t dataset, const Storage& storage, const std::string& file_path, const std::string& path) {
  if (!storage.chunks) return;
  const auto refuse = [&](const std::string& why) {
    throw Error("ERR_FORMAT", "'" + path + "' of '" + file_path + "' " + why);
  };
  SpaceId space(call<H5Dget_space>(dataset));
  if (static_cast<int>(storage.chunks->size()) != call<H5Sget_simple_extent_ndims>(space.get())) {
    refuse("has chunks with another number of axes than the dataset");
  }
  // One deflate expands a byte to at most 1032; for two there is no useful limit.
  const auto deflates = [](const FilterInfo& filter) { return filter.id == H5Z_FILTER_DEFLATE; };
  if (std::count_if(storage.filters.begin(), storage.filters.end(), deflates) > 1) {
    refuse("is compressed more than once");
  }
}

void refuse_longer_than_file(hid_t dataset, hsize_t stored, const std::string& path) {
  if (stored <= kSmallChunk) return;
  FileId file(call<H5Iget_file_id>(dataset));
  hsize_t size = 0;
  call<H5Fget_filesize>(file.get(), &size);
  if (stored <= size) return;
  throw Error("ERR_FORMAT",
              "a chunk of '" + path + "' claims " + std::to_string(stored) + " stored bytes, more than its file has");
}

}  // namespace h5tracks::hdf5
