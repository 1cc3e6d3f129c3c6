// Writes boxes of memory into datasets: whole chunks are encoded in parallel and written in the order of the file,
// under the HDF5 lock. Chunks with other filters than ours are written by HDF5.
#pragma once

#include <memory>

#include "hdf5/file/file.h"
#include "stream/boxes/chunk_work.h"
#include "stream/boxes/stored_dataset.h"
#include "stream/threads/done.h"

namespace h5tracks::stream {

// A box of a dataset, and the values for it in row-major order.
struct WriteRequest {
  std::shared_ptr<hdf5::File> file;
  std::shared_ptr<StoredDataset> to;
  hdf5::Box box;
  const unsigned char* in;
};

// Chunks are encoded on the pool's threads; what HDF5 itself writes, on the calling one. No other request may write to
// the dataset meanwhile. `done` is called once, on any thread. After an error the box holds old and new values.
void write_all(WriteRequest request, Done done, Caller caller = Caller::kGoesOn);

}  // namespace h5tracks::stream
