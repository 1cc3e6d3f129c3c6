// Writes boxes of memory into datasets. Whole chunks are encoded in parallel and written in the order of the file,
// under the HDF5 lock; HDF5 itself writes chunks whose filters we do not implement.
#pragma once

#include <memory>

#include "hdf5/file/file.h"
#include "stream/boxes/chunk_work.h"
#include "stream/boxes/stored_dataset.h"
#include "stream/threads/done.h"

namespace h5tracks::stream {

// A box of a dataset, and its values in row-major order.
struct WriteRequest {
  std::shared_ptr<hdf5::File> file;
  std::shared_ptr<StoredDataset> to;
  hdf5::Box box;
  const unsigned char* in;
};

// Encodes chunks on the pool's threads; what HDF5 itself must write is written on the calling thread. No other request
// may write to the dataset meanwhile. `done` is called once, on any thread. After an error the box contains a mixture
// of old and new values.
void write_all(WriteRequest request, Done done, Caller caller = Caller::kGoesOn);

}  // namespace h5tracks::stream
