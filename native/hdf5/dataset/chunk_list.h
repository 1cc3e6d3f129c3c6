// The addresses of a dataset's chunks in its file. Caller holds the Lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hdf5/core/handle.h"
#include "hdf5/core/shape.h"

namespace h5tracks::hdf5 {

// The stored bytes of the chunk that begins at row `row`.
struct ChunkPlace {
  hsize_t row = 0;
  haddr_t address = 0;
  hsize_t size = 0;
};

// Of a chunk: its offset, a bit for each filter that was left out, where its bytes lie and how many. As H5Dchunk_iter
// has it: 0 goes on.
using ChunkVisitor = int (*)(const hsize_t* offset, unsigned skipped, haddr_t address, hsize_t size, void* into);

// Every chunk that is stored, in no order.
void visit_chunks(hid_t dataset, ChunkVisitor visit, void* into);

struct ChunkInfo {
  haddr_t address = 0;
  hsize_t size = 0;
  unsigned skipped = 0;
};

// The chunk whose first element is at `offset`. None: it is not stored.
std::optional<ChunkInfo> find_chunk(hid_t dataset, const Shape& offset);

// All that are in the file, by row. `path` is the dataset's, for messages. Throws ERR_FORMAT where a chunk does not
// hold whole rows, or was stored without some of its filters.
std::vector<ChunkPlace> list_chunks(hid_t dataset, const std::string& path);

}  // namespace h5tracks::hdf5
