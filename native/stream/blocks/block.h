// One block of rows: the memory that JavaScript fills, one column per dataset behind a row counter.
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

// Where the columns stand in a block. The same for all blocks of a writer.
struct BlockLayout {
  BlockLayout(std::vector<Column> columns, std::size_t rows);

  std::vector<Column> columns;
  std::size_t rows;
  std::vector<std::size_t> offsets;
  std::size_t bytes;
};

// Sets `bytes` of elements to the value.
void fill(hdf5::Element type, unsigned char* at, std::size_t bytes, double value);
// Whether that means anything; a journal may claim what it likes.
bool can_hold(hdf5::Element type, double value);

class Block {
 public:
  // In memory that is given, `layout.bytes` of it.
  Block(const BlockLayout& layout, std::shared_ptr<unsigned char> memory);
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  unsigned char* data() { return data_.get(); }
  const unsigned char* column(std::size_t index) const { return data_.get() + layout_.offsets[index]; }
  std::size_t column_bytes(std::size_t index) const { return layout_.columns[index].row_bytes() * layout_.rows; }
  // A copy of a whole column of which the first `rows` rows are its own and the others the fill value: behind those
  // that are counted JavaScript may be filling the next one, or there is what the block held before.
  std::vector<unsigned char> padded_column(std::size_t index, std::size_t rows) const;
  // The counter is an Int32 at byte 0, which JavaScript stores last.
  std::int32_t counted_rows() const;
  void count(std::int32_t rows);
  // Where its first row is in the file; said before a row is counted.
  void set_base(std::uint64_t base);
  // A Uint64 at byte 24, which JavaScript stores before the rows are counted: what it counts of boxes that lost
  // fractions. It outlasts recycling: the highest of all blocks is the latest.
  std::uint64_t tally() const;
  // No row is counted any more.
  void recycle();
  // Every column with its fill value.
  void blank();

 private:
  journal::SlotHead& head() const { return *reinterpret_cast<journal::SlotHead*>(data_.get()); }

  const BlockLayout& layout_;
  const std::shared_ptr<unsigned char> data_;
};

}  // namespace h5tracks::stream
