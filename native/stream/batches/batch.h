// A batch of rows given as columns: checks it against the rules that readers rely on, and copies it into a block.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "stream/batches/value_checks.h"
#include "stream/blocks/block.h"

namespace h5tracks::stream {

struct ColumnRule {
  std::optional<Range> range;      // none: every value of the type
  std::vector<double> members;     // the allowed values; empty: every value
  std::size_t partial_within = 0;  // so many values in a row must be all finite or all NaN; 0: no such rule
  bool per_cell = false;           // the values of a row are divided equally among its cells
};

// A row may have cells, each with a key. Keys ascend from the first cell. Empty cells have the key -1, come last, and
// contain the fill value in every column.
struct BatchRules {
  std::optional<std::size_t> keys;  // the column of keys: int32, one for each cell; none: rows have no cells
  std::vector<ColumnRule> columns;
};

// The values of each column, as the layout describes them. Null: the whole column has its fill value.
using Sources = std::vector<const unsigned char*>;

enum class Broken { kKey, kRange, kMember, kPartial, kEmpty };

struct Fault {
  std::size_t column, at;  // the column, and the index of its value
  Broken rule;
};

class Batch {
 public:
  Batch(const BlockLayout& layout, Sources sources, std::size_t rows)
      : layout_(layout), sources_(std::move(sources)), rows_(rows) {}

  // The first value that breaks a rule: keys first, then column by column. The fill value keeps every rule of values:
  // it says that there is none.
  std::optional<Fault> fault(const BatchRules& rules);
  // Copies the rows `from` to `end` into the block, from its row `row` on. Columns without values stay unchanged.
  void copy(std::size_t from, std::size_t end, Block& block, std::size_t row) const;

 private:
  std::optional<std::size_t> misplaced_key(std::size_t keys);
  std::optional<Fault> wrong_value(std::size_t column, const ColumnRule& rule) const;
  std::optional<std::size_t> not_empty(std::size_t column, std::size_t cells) const;

  const BlockLayout& layout_;
  const Sources sources_;
  const std::size_t rows_;
  std::vector<std::size_t> empty_;  // empty cells
};

}  // namespace h5tracks::stream
