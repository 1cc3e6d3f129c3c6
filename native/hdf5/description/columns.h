// How the elements of a type lie in memory when HDF5 reads or writes them, and how they are passed to and from lib/: as
// columns. A column of n elements is one of
//   plain      n x size bytes: numbers, strings of fixed length, bytes, references of the old kinds
//   reference  the bytes of each (reference.h), and n + 1 offsets into them
//   text       the strings' bytes, each followed by NUL, and n + 1 offsets into them
//   sequence   n + 1 offsets into a column of all the elements
//   record     a column for each member
//   repeated   a column of n x repeat elements
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"
#include "hdf5/description/reference.h"

namespace h5tracks::hdf5 {

struct ColumnLayout {
  enum class Kind { kPlain, kReference, kText, kSequence, kRecord, kRepeated };

  Kind kind = Kind::kPlain;
  std::size_t size = 0;  // of one element
  std::size_t repeat = 1;
  std::vector<std::size_t> offsets;  // of a record's members
  std::vector<ColumnLayout> parts;   // a record's members; otherwise the type of the elements within
};

// `raw`: a type without parts of variable length is plain as a whole. Then throws ERR_UNSUPPORTED for references of the
// new kind, because their bytes are pointers of HDF5's.
ColumnLayout column_layout_of(hid_t memory_type, bool raw = false);
bool has_references(const ColumnLayout& layout);

struct Column {
  Bytes bytes;
  std::vector<double> offsets;
  std::vector<Column> parts;
};

// Reserves memory for `count` elements, as far as their size is known in advance.
void reserve(const ColumnLayout& layout, std::size_t count, Column& into);
// Appends `count` elements that lie `stride` bytes apart.
void gather(const ColumnLayout& layout, const unsigned char* from, std::size_t stride, std::size_t count, Column& into);
DynamicValue to_dynamic_value(const ColumnLayout& layout, Column column);
// Frees what HDF5 allocated for the references that it read.
void drop_references(const ColumnLayout& layout, unsigned char* from, std::size_t stride, std::size_t count);

// Allocations that are freed all at once.
class Arena {
 public:
  static constexpr hsize_t kUnlimited = ~hsize_t{0};
  explicit Arena(hsize_t most = kUnlimited) : most_(most) {}
  // Null if the total would exceed `most` bytes.
  void* allocate(std::size_t bytes);
  bool refused() const { return refused_; }

 private:
  const hsize_t most_;
  hsize_t taken_ = 0;
  std::size_t free_ = 0;
  unsigned char* next_ = nullptr;
  bool refused_ = false;
  std::deque<std::unique_ptr<unsigned char[]>> blocks_;
};

// The reverse of gather: `count` elements from element `first` of a column. The column must outlive the write, because
// HDF5 gets pointers into it. Throws ERR_INVALID_ARGUMENT if the column is too short.
void scatter(const ColumnLayout& layout, const DynamicValue& column, std::size_t first, std::size_t count,
             unsigned char* into, std::size_t stride, Arena& arena, References& references);

}  // namespace h5tracks::hdf5
