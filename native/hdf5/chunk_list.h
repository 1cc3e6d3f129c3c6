// Where the chunks of a dataset lie in its file. Caller holds the Lock.
#pragma once

#include <string>
#include <vector>

#include "hdf5/handle.h"

// One walk through all chunks. Older libraries walk anew for each of them.
#if H5_VERSION_GE(1, 14, 0) || (H5_VERS_MINOR == 12 && H5_VERSION_GE(1, 12, 3)) || \
    (H5_VERS_MINOR == 10 && H5_VERSION_GE(1, 10, 10))
#define H5TRACKS_HAS_CHUNK_ITER 1
#endif

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
