// The columns of a block as the journal describes them, and the filters of their chunks.
#pragma once

#include <vector>

#include "journal/format.h"
#include "stream/blocks/block.h"

namespace h5tracks::stream {

std::vector<journal::Column> describe(const BlockLayout& layout);

// Encode and decode chunks of the column, encode by our own encoder.
codec::Pipeline filters_of(const journal::Column& column);
codec::Effort effort_of(const journal::Column& column);

// Whether a chunk of `stored` bytes can be one of `bytes` values: deflate adds next to nothing to what it cannot
// compress. To be asked before memory is taken.
bool is_possible_size(std::uint64_t stored, std::uint64_t bytes);

}  // namespace h5tracks::stream
