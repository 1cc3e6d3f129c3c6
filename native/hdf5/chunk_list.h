// Where the chunks of a dataset lie in its file. Caller holds the Lock.
#pragma once

#include <string>
#include <vector>

#include "hdf5/handle.h"

namespace h5tracks::hdf5 {

// The stored bytes of the chunk that begins at row `row`.
struct ChunkPlace {
  hsize_t row = 0;
  haddr_t address = 0;
  hsize_t size = 0;
};

// All that are in the file, by row. `path` is the dataset's, for messages. Throws ERR_FORMAT where a chunk does not
// hold whole rows, or was stored without some of its filters.
std::vector<ChunkPlace> list_chunks(hid_t dataset, const std::string& path);

}  // namespace h5tracks::hdf5
