// One block of rows: the memory that JavaScript fills, a row counter followed by one column per dataset.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "codec/pipeline.h"
#include "hdf5/dataset/dataset.h"
#include "journal/format.h"

namespace h5tracks::stream {

struct Column {
  std::string path;  // of the dataset
  hdf5::Element type = hdf5::Element::kInt32;
  std::size_t row_values = 1;  // elements in a row
  double fill = 0;
  codec::Pipeline filters;
  codec::Effort effort;

  std::size_t row_bytes() const { return row_values * hdf5::size_of(type); }
};

// Where the columns lie in a block. The same for all blocks of a writer.
struct BlockLayout {
  BlockLayout(std::vector<Column> columns, std::size_t rows);

  std::vector<Column> columns;
  std::size_t rows;
  std::vector<std::size_t> offsets;
  std::size_t bytes;
};

// Sets `bytes` bytes of elements to `value`.
void fill(hdf5::Element type, unsigned char* at, std::size_t bytes, double value);
// Whether the type can hold the value. A damaged journal may contain any combination.
bool can_hold(hdf5::Element type, double value);

class Block {
 public:
  // `memory` must have layout.bytes bytes.
  Block(const BlockLayout& layout, std::shared_ptr<unsigned char> memory);
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  unsigned char* data() { return data_.get(); }
  const unsigned char* column(std::size_t index) const { return data_.get() + layout_.offsets[index]; }
  std::size_t column_bytes(std::size_t index) const { return layout_.columns[index].row_bytes() * layout_.rows; }
  // A copy of a whole column: its first `rows` rows, then fill values. The rows after the counted ones may contain
  // anything, because JavaScript may be filling the next one.
  std::vector<unsigned char> padded_column(std::size_t index, std::size_t rows) const;
  // The counter is an Int32 at byte 0, which JavaScript stores last.
  std::int32_t counted_rows() const;
  void count(std::int32_t rows);
  // Accepts rows that were filled in `copy`, a copy of this block: copies its rows from `from` on and its tally, and
  // counts `rows` rows.
  void accept(const unsigned char* copy, std::size_t from, std::size_t rows);
  // Sets the index of the block's first row in the file; called before a row is counted.
  void set_base(std::uint64_t base);
  // A Uint64 at byte 24: how many boxes lost their fraction so far. JavaScript stores it before it counts the rows.
  // Recycling keeps it, so the highest value of all blocks is the latest.
  std::uint64_t tally() const;
  // Sets the row counter to 0.
  void recycle();
  // Sets every column to its fill value.
  void blank();

 private:
  journal::SlotHead& head() const { return *reinterpret_cast<journal::SlotHead*>(data_.get()); }

  const BlockLayout& layout_;
  const std::shared_ptr<unsigned char> data_;
};

}  // namespace h5tracks::stream
