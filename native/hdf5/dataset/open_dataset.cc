#include "hdf5/dataset/open_dataset.h"

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"

namespace h5tracks::hdf5 {

namespace {

// If a chunk is larger than HDF5's chunk cache (default 1 MiB), each read of a part of it decodes it again.
constexpr std::size_t kLargestCache = std::size_t{64} << 20, kDefaultCache = std::size_t{1} << 20, kSlots = 521;

DatasetId open_tuned(hid_t file, const std::string& path, hid_t access) {
  DatasetId id(call<H5Dopen2>(file, path.c_str(), access));
  if (PropertiesId tuned = tuned_access(id.get(), storage_of(id.get()), access)) {
    // Close the first handle before opening the second: an open dataset keeps its cache.
    id.reset();
    id = DatasetId(call<H5Dopen2>(file, path.c_str(), tuned.get()));
  }
  return id;
}

}  // namespace

PropertiesId tuned_access(hid_t dataset, const Storage& storage, hid_t access) {
  if (!storage.chunks) return {};
  TypeId type(call<H5Dget_type>(dataset));
  std::size_t bytes = H5Tget_size(type.get());
  for (const hsize_t extent : *storage.chunks) bytes *= extent;
  std::size_t slots = 0, cache = 0;
  double preemption = 0;
  call<H5Pget_chunk_cache>(access, &slots, &cache, &preemption);
  if (cache == H5D_CHUNK_CACHE_NBYTES_DEFAULT) cache = kDefaultCache;
  if (bytes <= cache || bytes > kLargestCache) return {};
  PropertiesId tuned(call<H5Pcopy>(access));
  call<H5Pset_chunk_cache>(tuned.get(), kSlots, bytes, H5D_CHUNK_CACHE_W0_DEFAULT);
  return tuned;
}

std::shared_ptr<Dataset> open_dataset(File& file, const std::string& path) {
  const Lock lock;
  DatasetId id = open_tuned(file.id(), path, file.access(H5P_DATASET_ACCESS).get());
  auto dataset = std::make_shared<Dataset>(std::move(id), file, path);
  file.keep(dataset);
  return dataset;
}

}  // namespace h5tracks::hdf5
