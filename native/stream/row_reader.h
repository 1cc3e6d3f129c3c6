// Rows of datasets into memory, the mirror of the BlockWriter: stored chunks are taken out under the HDF5 lock and
// decoded in parallel straight into the result. What is not made of our filters is read by HDF5 itself.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "codec/chunk_codec.h"
#include "stream/chunk_cache.h"
#include "stream/done.h"

namespace h5tracks::stream {

// A dataset that is read, with what is known about its chunks.
class ReadableDataset {
 public:
  ReadableDataset(std::shared_ptr<hdf5::Dataset> dataset, std::shared_ptr<ChunkCache> cache);
  ~ReadableDataset();
  ReadableDataset(const ReadableDataset&) = delete;
  ReadableDataset& operator=(const ReadableDataset&) = delete;

  const std::shared_ptr<hdf5::Dataset> dataset;
  const std::shared_ptr<ChunkCache> cache;
  hdf5::DatasetInfo info;  // as it was opened: the shape may have grown since

  // Present where every chunk is a run of whole rows, little-endian, made by {shuffle, deflate}.
  struct RowChunks {
    hsize_t rows;
    std::size_t row_bytes;
    std::size_t element_size;
    codec::ChunkFilters filters;
  };
  std::optional<RowChunks> row_chunks;
};

// A box of a dataset, and the memory that it fills in row-major order.
struct ReadRequest {
  std::shared_ptr<ReadableDataset> from;
  hdf5::Shape start, count;
  unsigned char* out;
  bool stored_only = false;  // rows that have no place in the file are an error instead of HDF5's fill values
};

// Small windows whose chunks are all in the cache are filled at once, without a lock or a thread. False: nothing done.
bool read_from_cache(const std::vector<ReadRequest>& requests);
// Chunks are taken out and decoded on the pool's threads; what HDF5 itself reads, on the calling one. `done` is called
// once, on any thread.
void read_all(std::vector<ReadRequest> requests, Done done);

}  // namespace h5tracks::stream
