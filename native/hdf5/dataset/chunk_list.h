// The addresses of a dataset's chunks in its file. The caller holds the Lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hdf5/core/handle.h"
#include "hdf5/core/shape.h"

namespace h5tracks::hdf5 {

// Where the chunk that begins at row `row` is stored.
struct ChunkPlace {
  hsize_t row = 0;
  haddr_t address = 0;
  hsize_t size = 0;
  unsigned skipped = 0;  // a bit for each filter that was skipped
};

// Gets a chunk's offset, a bit for each filter that was skipped, the address and the size. As in H5Dchunk_iter,
// returning 0 continues.
using ChunkVisitor = int (*)(const hsize_t* offset, unsigned skipped, haddr_t address, hsize_t size, void* into);

// Visits every stored chunk, in no particular order.
void visit_chunks(hid_t dataset, ChunkVisitor visit, void* into);

struct ChunkInfo {
  haddr_t address = 0;
  hsize_t size = 0;
  unsigned skipped = 0;
};

// The chunk whose first element is at `offset`. None: it is not stored.
std::optional<ChunkInfo> find_chunk(hid_t dataset, const Shape& offset);

// All stored chunks, in the order of their rows. `path` is the dataset's, for messages. Throws ERR_FORMAT if a chunk
// does not contain whole rows.
std::vector<ChunkPlace> list_chunks(hid_t dataset, const std::string& path);

}  // namespace h5tracks::hdf5
