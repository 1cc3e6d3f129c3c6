// An open dataset that is read and written by boxes, with the properties of its chunks.
#pragma once

#include <memory>
#include <optional>

#include "codec/pipeline.h"
#include "hdf5/dataset/dataset.h"
#include "hdf5/type/memory_layout.h"
#include "stream/boxes/chunk_cache.h"
#include "stream/boxes/chunk_encoder.h"

namespace h5tracks::stream {

class StoredDataset {
 public:
  // Elements are in memory as `memory_layout` says; without one: numbers in the machine's byte order, all else as it is
  // stored.
  StoredDataset(std::shared_ptr<hdf5::Dataset> dataset, std::shared_ptr<ChunkCache> cache,
                std::optional<hdf5::MemoryLayout> memory_layout = std::nullopt);
  ~StoredDataset();
  StoredDataset(const StoredDataset&) = delete;
  StoredDataset& operator=(const StoredDataset&) = delete;

  const std::shared_ptr<hdf5::Dataset> dataset;
  const std::shared_ptr<ChunkCache> cache;
  const hdf5::TypeInfo type;
  const hdf5::Shape shape;  // as it was opened: it may have changed since. Of a null dataspace as of a scalar
  const hdf5::MemoryLayout memory_layout;

  // Present where chunks are made of {shuffle, deflate, fletcher32} and of elements that HDF5 need not convert.
  struct Chunks {
    hdf5::Shape shape;
    std::size_t bytes;
    codec::Pipeline filters;
    std::vector<unsigned char> fill;  // one element, as it is in memory
    bool filtered_edges;              // also chunks that are partly beyond the dataset's end
    std::shared_ptr<ChunkEncoder> encoder;
  };
  const std::optional<Chunks> chunks;
  const std::shared_ptr<hdf5::ChangeCount> change_count;

 private:
  struct Known;
  StoredDataset(std::shared_ptr<hdf5::Dataset> dataset, std::shared_ptr<ChunkCache> cache, Known known);
};

}  // namespace h5tracks::stream
