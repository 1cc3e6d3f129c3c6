// Reads boxes of datasets into memory: stored chunks are read under the HDF5 lock and decoded in parallel into the
// result. Chunks with other filters than ours are read by HDF5.
#pragma once

#include <memory>
#include <vector>

#include "stream/boxes/chunk_work.h"
#include "stream/boxes/stored_dataset.h"
#include "stream/threads/done.h"

namespace h5tracks::stream {

// A box of a dataset, and the memory that it fills in row-major order.
struct ReadRequest {
  std::shared_ptr<StoredDataset> from;
  hdf5::Box box;
  unsigned char* out;
  bool stored_only = false;  // rows that have no place in the file are an error instead of HDF5's fill values
};

// Small boxes whose chunks are all in the cache are filled at once, without a lock or a thread. False: nothing done.
bool read_from_cache(const std::vector<ReadRequest>& requests);
// Chunks are taken out and decoded on the pool's threads; what HDF5 itself reads, on the calling one. `done` is called
// once, on any thread.
void read_all(std::vector<ReadRequest> requests, Done done, Caller caller = Caller::kGoesOn);

}  // namespace h5tracks::stream
