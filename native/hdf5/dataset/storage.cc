#include "hdf5/dataset/storage.h"

#include <algorithm>
#include <iterator>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

std::vector<FilterInfo> filters_of(hid_t properties) {
  std::vector<FilterInfo> filters;
  const int count = call<H5Pget_nfilters>(properties);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, config = 0, options[32];
    std::size_t option_count = std::size(options);
    char name[64] = "";
    const auto id = H5Pget_filter2(properties, i, &flags, &option_count, options, sizeof name, name, &config);
    if (id < 0) throw take_error();
    option_count = std::min(option_count, std::size(options));
    filters.push_back(
        {static_cast<int>(id), name, {options, options + option_count}, (flags & H5Z_FLAG_OPTIONAL) != 0});
  }
  return filters;
}

bool is_unlimited(hid_t properties) {
  std::size_t count = 0;
  call<H5Pget_virtual_count>(properties, &count);
  for (std::size_t i = 0; i < count; ++i) {
    SpaceId space(call<H5Pget_virtual_vspace>(properties, i));
    if (H5Sget_select_npoints(space.get()) < 0 ||
        H5Sget_select_npoints(space.get()) == static_cast<hssize_t>(H5S_UNLIMITED)) {
      H5Eclear2(H5E_DEFAULT);
      return true;
    }
  }
  return false;
}

}  // namespace

Storage storage_of(hid_t dataset) {
  const PropertiesId list(call<H5Dget_create_plist>(dataset));
  const hid_t properties = list.get();
  Storage storage;
  storage.layout = call<H5Pget_layout>(properties);
  if (storage.layout == H5D_VIRTUAL) storage.extent_depends_on_files = is_unlimited(properties);
  if (storage.layout != H5D_VIRTUAL) storage.external = call<H5Pget_external_count>(properties) > 0;
  if (storage.layout != H5D_CHUNKED) return storage;
  hsize_t extents[H5S_MAX_RANK];
  const int rank = call<H5Pget_chunk>(properties, H5S_MAX_RANK, static_cast<hsize_t*>(extents));
  storage.chunks = Shape(extents, extents + rank);
  storage.filters = filters_of(properties);
  unsigned options = 0;
  call<H5Pget_chunk_opts>(properties, &options);
  storage.filters_edges = (options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) == 0;
  return storage;
}

}  // namespace h5tracks::hdf5
