#include "hdf5/plausible.h"

#include "hdf5/call.h"

namespace h5tracks::hdf5 {

namespace {

// Not worth the question whether the file has so many bytes.
constexpr hsize_t kSmallChunk = hsize_t{1} << 20;

int count_filters(hid_t properties, H5Z_filter_t wanted) {
  int found = 0;
  const int count = call<H5Pget_nfilters>(properties);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t options = 0;
    if (H5Pget_filter2(properties, i, &flags, &options, nullptr, 0, nullptr, &config) == wanted) ++found;
  }
  return found;
}

}  // namespace

void refuse_impossible(hid_t dataset, const std::string& file_path, const std::string& path) {
  PropertiesId properties(call<H5Dget_create_plist>(dataset));
  const auto refuse = [&](const std::string& why) {
    throw Error("ERR_FORMAT", "'" + path + "' of '" + file_path + "' " + why);
  };
  if (call<H5Pget_layout>(properties.get()) != H5D_CHUNKED) return;
  SpaceId space(call<H5Dget_space>(dataset));
  hsize_t extents[H5S_MAX_RANK];
  const int axes = call<H5Pget_chunk>(properties.get(), H5S_MAX_RANK, extents);
  if (axes != call<H5Sget_simple_extent_ndims>(space.get()))
    refuse("has chunks of another number of axes than its own");
  // Once makes 1032 bytes of one at the most; there is no end to what twice could make.
  if (count_filters(properties.get(), H5Z_FILTER_DEFLATE) > 1) refuse("is compressed more than once");
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
