// An open dataset that is read and written by boxes, and the properties of its chunks.
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
  // `memory_layout` describes elements in memory. None: numbers have the machine's byte order, and all other elements
  // are as stored.
  StoredDataset(std::shared_ptr<hdf5::Dataset> dataset, std::shared_ptr<ChunkCache> cache,
                std::optional<hdf5::MemoryLayout> memory_layout = std::nullopt);
  ~StoredDataset();
  StoredDataset(const StoredDataset&) = delete;
  StoredDataset& operator=(const StoredDataset&) = delete;

  const std::shared_ptr<hdf5::Dataset> dataset;
  const std::shared_ptr<ChunkCache> cache;
  const hdf5::TypeInfo type;
  const hdf5::Shape shape;  // when it was opened; it may have changed since. A null dataspace counts as a scalar
  const hdf5::MemoryLayout memory_layout;

  // None unless the filters are among shuffle, deflate and fletcher32, and elements need at most a byte swap.
  struct Chunks {
    hdf5::Shape shape;
    std::size_t bytes;
    codec::Pipeline filters;
    bool filtered_edges;  // whether chunks partly outside the dataset are filtered too
    std::shared_ptr<ChunkEncoder> encoder;
  };
  const std::optional<Chunks> chunks;
  // The size of a row, if each chunk holds whole rows; else 0.
  const std::size_t row_bytes;
  const std::shared_ptr<hdf5::ChangeCount> change_count;

  // The fill value: one element, as in memory. The first call asks HDF5, which takes long. Takes the Lock.
  const std::vector<unsigned char>& fill() const;

 private:
  struct Known;
  StoredDataset(std::shared_ptr<hdf5::Dataset> dataset, std::shared_ptr<ChunkCache> cache, Known known);

  mutable std::optional<std::vector<unsigned char>> fill_;  // guarded by the Lock
};

}  // namespace h5tracks::stream
