#include "stream/blocks/journal_columns.h"

namespace h5tracks::stream {

std::vector<journal::Column> describe(const BlockLayout& layout) {
  std::vector<journal::Column> columns;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const Column& column = layout.columns[i];
    journal::Column described;
    described.path = column.path;
    described.type = static_cast<std::uint8_t>(column.type);
    described.element_bytes = static_cast<std::uint8_t>(hdf5::size_of(column.type));
    described.shuffle = column.filters.shuffles();
    described.deflate = column.filters.level().value_or(-1);
    described.row_values = column.row_values;
    described.fill = column.fill;
    described.offset = layout.offsets[i];
    columns.push_back(std::move(described));
  }
  return columns;
}

codec::Pipeline filters_of(const journal::Column& column) {
  const auto shuffled = column.shuffle ? std::optional<std::size_t>(column.element_bytes) : std::nullopt;
  return codec::Pipeline::usual(shuffled, column.deflate >= 0 ? std::optional<int>(column.deflate) : std::nullopt);
}

codec::Effort effort_of(std::size_t element_bytes, std::size_t row_bytes) {
  // Single bytes have no planes that are alike, which is what our own encoder is made for.
  const auto encoder = element_bytes == 1 ? codec::Encoder::kFastOrBest : codec::Encoder::kFast;
  return {encoder, 0, element_bytes, row_bytes};
}

codec::Effort effort_of(const journal::Column& column) {
  return effort_of(static_cast<std::size_t>(column.element_bytes), column.row_bytes());
}

bool is_possible_size(std::uint64_t stored, std::uint64_t bytes) { return stored <= bytes + bytes / 8 + 1024; }

}  // namespace h5tracks::stream
