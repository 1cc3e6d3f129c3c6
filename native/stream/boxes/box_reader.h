// Reads boxes of datasets into memory. Stored chunks are read under the HDF5 lock and decoded in parallel into the
// result; HDF5 itself reads chunks whose filters we do not implement.
#pragma once

#include <memory>
#include <vector>

#include "stream/boxes/chunk_work.h"
#include "stream/boxes/stored_dataset.h"
#include "stream/threads/done.h"

namespace h5tracks::stream {

// A box of a dataset, and the memory to fill in row-major order.
struct ReadRequest {
  std::shared_ptr<StoredDataset> from;
  hdf5::Box box;
  unsigned char* out;
  // Whether a row that is not stored in the file is an error; otherwise it reads as HDF5's fill value.
  bool stored_only = false;
};

// A dataset whose rows are read, and the memory to fill with them.
struct RowsOf {
  std::shared_ptr<StoredDataset> from;
  unsigned char* out;
};

// Fills the memory with rows `first` to `end` of each dataset, if they are few and their chunks are all in the cache,
// without the Lock or another thread. False: some memory may be filled, and the rows must be read as boxes.
bool read_rows_from_cache(const std::vector<RowsOf>& datasets, hsize_t first, hsize_t end);
// Fills small boxes whose chunks are all in the cache at once, without a lock or a thread. False: nothing was done.
bool read_from_cache(const std::vector<ReadRequest>& requests);
// Reads and decodes chunks on the pool's threads; what HDF5 itself must read is read on the calling thread. `done` is
// called once, on any thread.
void read_all(std::vector<ReadRequest> requests, Done done, Caller caller = Caller::kGoesOn);

}  // namespace h5tracks::stream
