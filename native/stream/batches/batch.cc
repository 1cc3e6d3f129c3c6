#include "stream/batches/batch.h"

#include <cmath>
#include <cstring>

namespace h5tracks::stream {

namespace {

// NaN has many bit patterns; all of them count as the fill value NaN.
bool is_nan(hdf5::Element type, const unsigned char* value) {
  if (type == hdf5::Element::kFloat32) {
    float number;
    std::memcpy(&number, value, sizeof number);
    return std::isnan(number);
  }
  if (type != hdf5::Element::kFloat64) return false;
  double number;
  std::memcpy(&number, value, sizeof number);
  return std::isnan(number);
}

}  // namespace

std::optional<Fault> Batch::fault(const BatchRules& rules) {
  std::size_t cells = 0;
  if (rules.keys) {
    if (const auto at = misplaced_key(*rules.keys)) return Fault{*rules.keys, *at, Broken::kKey};
    cells = layout_.columns[*rules.keys].row_values;
  }
  for (std::size_t column = 0; column < sources_.size(); ++column) {
    if (!sources_[column]) continue;
    const ColumnRule& rule = rules.columns[column];
    if (const auto fault = wrong_value(column, rule)) return fault;
    if (column == rules.keys || !rule.per_cell || cells == 0) continue;
    if (const auto at = not_empty(column, cells)) return Fault{column, *at, Broken::kEmpty};
  }
  return std::nullopt;
}

std::optional<std::size_t> Batch::misplaced_key(std::size_t keys) {
  const std::size_t cells = layout_.columns[keys].row_values;
  const auto* values = reinterpret_cast<const std::int32_t*>(sources_[keys]);
  empty_.clear();
  for (std::size_t row = 0; row < rows_ * cells; row += cells) {
    std::int32_t before = -1;
    std::size_t cell = row;
    while (cell < row + cells && values[cell] > before) before = values[cell++];
    for (; cell < row + cells; ++cell) {
      if (values[cell] != -1) return cell;
      empty_.push_back(cell);
    }
  }
  return std::nullopt;
}

std::optional<Fault> Batch::wrong_value(std::size_t index, const ColumnRule& rule) const {
  const Column& column = layout_.columns[index];
  const Values values{column.type, sources_[index], rows_ * column.row_values, column.fill};
  if (rule.range) {
    if (const auto at = first_outside(values, *rule.range)) return Fault{index, *at, Broken::kRange};
  }
  if (!rule.members.empty()) {
    if (const auto at = first_not_among(values, rule.members)) return Fault{index, *at, Broken::kMember};
  }
  if (rule.partial_within > 0) {
    if (const auto at = first_partial(values, rule.partial_within)) return Fault{index, *at, Broken::kPartial};
  }
  return std::nullopt;
}

std::optional<std::size_t> Batch::not_empty(std::size_t index, std::size_t cells) const {
  if (empty_.empty()) return std::nullopt;
  const Column& column = layout_.columns[index];
  const std::size_t width = column.row_values / cells, size = hdf5::size_of(column.type);
  std::vector<unsigned char> expected(width * size);
  fill(column.type, expected.data(), expected.size(), column.fill);
  for (const std::size_t cell : empty_) {
    const unsigned char* values = sources_[index] + cell * expected.size();
    if (std::memcmp(values, expected.data(), expected.size()) == 0) continue;
    for (std::size_t i = 0; i < width; ++i) {
      const unsigned char* value = values + i * size;
      if (std::memcmp(value, expected.data() + i * size, size) == 0) continue;
      if (!is_nan(column.type, value) || !std::isnan(column.fill)) return cell * width + i;
    }
  }
  return std::nullopt;
}

void Batch::copy(std::size_t from, std::size_t end, Block& block, std::size_t row) const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (!sources_[i]) continue;
    const std::size_t bytes = layout_.columns[i].row_bytes();
    std::memcpy(block.data() + layout_.offsets[i] + row * bytes, sources_[i] + from * bytes, (end - from) * bytes);
  }
}

}  // namespace h5tracks::stream
