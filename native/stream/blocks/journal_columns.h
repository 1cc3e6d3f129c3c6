// The columns of a block as the journal describes them, and the filters of their chunks.
#pragma once

#include <vector>

#include "journal/format.h"
#include "stream/blocks/block.h"

namespace h5tracks::stream {

std::vector<journal::Column> describe(const BlockLayout& layout);

// filters_of() encodes and decodes a column's chunks; effort_of() selects our own encoder, where it is a good one.
codec::Pipeline filters_of(const journal::Column& column);
codec::Effort effort_of(std::size_t element_bytes, std::size_t row_bytes);
codec::Effort effort_of(const journal::Column& column);

// Whether a chunk of `stored` bytes can have `bytes` bytes of values: deflate adds almost nothing to incompressible
// data. Called before memory is allocated.
bool is_possible_size(std::uint64_t stored, std::uint64_t bytes);

}  // namespace h5tracks::stream
