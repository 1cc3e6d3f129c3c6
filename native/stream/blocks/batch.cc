#include "stream/blocks/batch.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace h5tracks::stream {

namespace {

// The index of the first value below `least` or above `most`. Works in pieces, each of which is one loop without a
// branch.
template <typename T>
std::optional<std::size_t> first_outside(const T* values, std::size_t count, T least, T most) {
  using Bits = std::make_unsigned_t<T>;
  constexpr std::size_t kPiece = 256;
  for (std::size_t from = 0; from < count; from += kPiece) {
    const std::size_t end = std::min(count, from + kPiece);
    Bits signs = 0;
    for (std::size_t i = from; i < end; ++i) {
      const auto value = static_cast<Bits>(values[i]);
      signs |= static_cast<Bits>(value - static_cast<Bits>(least)) | static_cast<Bits>(static_cast<Bits>(most) - value);
    }
    // A sign bit is set for a value outside the range, but also for one so far inside that the difference wraps around.
    if (signs >> (8 * sizeof(T) - 1) == 0) continue;
    const auto is_outside = [=](T value) { return value < least || value > most; };
    const T* found = std::find_if(values + from, values + end, is_outside);
    if (found != values + end) return found - values;
  }
  return std::nullopt;
}

// NaN has many bit patterns; all of them count as the fill value NaN.
bool is_nan(hdf5::Element type, const unsigned char* value) {
  if (type != hdf5::Element::kFloat32) return false;
  float number;
  std::memcpy(&number, value, sizeof number);
  return std::isnan(number);
}

}  // namespace

std::optional<Fault> Batch::fault(const BatchRules& rules) {
  if (const auto at = misplaced_key(rules.keys)) return Fault{rules.keys, *at};
  const std::size_t cells = layout_.columns[rules.keys].row_values;
  for (std::size_t column = 0; column < sources_.size(); ++column) {
    if (!sources_[column]) continue;
    const ColumnRule& rule = rules.columns[column];
    if (rule.range) {
      if (const auto at = outside(column, *rule.range)) return Fault{column, *at};
    }
    if (column == rules.keys || !rule.per_cell) continue;
    if (const auto at = not_empty(column, cells)) return Fault{column, *at};
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

std::optional<std::size_t> Batch::outside(std::size_t column, const Range& range) const {
  const std::size_t count = rows_ * layout_.columns[column].row_values;
  if (hdf5::size_of(layout_.columns[column].type) == 1) {
    const auto* bytes = sources_[column];
    return first_outside<unsigned char>(bytes, count, static_cast<unsigned char>(range.least),
                                        static_cast<unsigned char>(range.most));
  }
  const auto* values = reinterpret_cast<const std::int32_t*>(sources_[column]);
  return first_outside<std::int32_t>(values, count, range.least, range.most);
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
