// A batch of rows given as columns: checked against the rules of readers, and copied into a block.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "stream/blocks/block.h"

namespace h5tracks::stream {

// What integers of a column may be.
struct Range {
  std::int32_t least, most;
};

struct ColumnRule {
  std::optional<Range> range;  // none: whatever its type holds
  bool per_cell = false;       // its values belong to the cells of a row, as many to each
};

// A row has cells, each with a key. Keys ascend from the first cell; -1 is an empty cell, of which there are none but
// at the end, and in which every column has its fill value.
struct BatchRules {
  std::size_t keys = 0;  // the column of them, int32, one for each cell
  std::vector<ColumnRule> columns;
};

// The values of each column, as the layout has them; null: the column holds its fill value throughout.
using Sources = std::vector<const unsigned char*>;

struct Fault {
  std::size_t column, at;  // which of its values
};

class Batch {
 public:
  Batch(const BlockLayout& layout, Sources sources, std::size_t rows)
      : layout_(layout), sources_(std::move(sources)), rows_(rows) {}

  // The first value that breaks the rules: of the keys, then column by column.
  std::optional<Fault> fault(const BatchRules& rules);
  // The rows `from` to `end` into the block, from its row `row`. Columns without values are left as they are.
  void copy(std::size_t from, std::size_t end, Block& block, std::size_t row) const;

 private:
  std::optional<std::size_t> misplaced_key(std::size_t keys);
  std::optional<std::size_t> outside(std::size_t column, const Range& range) const;
  std::optional<std::size_t> not_empty(std::size_t column, std::size_t cells) const;

  const BlockLayout& layout_;
  const Sources sources_;
  const std::size_t rows_;
  std::vector<std::size_t> empty_;  // cells
};

}  // namespace h5tracks::stream
