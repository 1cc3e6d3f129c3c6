#include "stream/blocks/journal_columns.h"

namespace h5tracks::stream {

std::vector<journal::Column> describe(const BlockLayout& layout) {
  std::vector<journal::Column> columns;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const Column& column = layout.columns[i];
    journal::Column told;
    told.path = column.path;
    told.type = static_cast<std::uint8_t>(column.type);
    told.element_bytes = static_cast<std::uint8_t>(hdf5::size_of(column.type));
    told.shuffle = column.filters.shuffle;
    told.deflate = column.filters.deflate.value_or(-1);
    told.row_values = column.row_values;
    told.fill = column.fill;
    told.offset = layout.offsets[i];
    columns.push_back(std::move(told));
  }
  return columns;
}

codec::ChunkFilters filters_of(const journal::Column& column) {
  codec::ChunkFilters filters;
  filters.shuffle = column.shuffle;
  if (column.deflate >= 0) filters.deflate = column.deflate;
  filters.encoder = codec::Encoder::kFast;
  filters.row_bytes = column.row_bytes();
  return filters;
}

bool is_plausible(std::uint64_t stored, std::uint64_t bytes) { return stored <= bytes + bytes / 8 + 1024; }

}  // namespace h5tracks::stream
