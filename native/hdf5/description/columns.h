// How the elements of a type lie in memory when HDF5 reads or writes them, and how they travel: as columns. A column of
// n elements is
//   plain      n x size bytes: numbers, strings of fixed length, bytes, references of the old kinds
//   reference  the bytes of each (reference.h), and n + 1 offsets into them
//   text       the strings' bytes, each with a NUL behind it, and n + 1 offsets into them
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
  std::vector<std::size_t> offsets;  // of a record's parts
  std::vector<ColumnLayout> parts;   // a record's members; else the one kind of element within
};

// `raw`: what has no parts of variable length is plain as a whole. Throws ERR_UNSUPPORTED for references of the new
// kind then, which are pointers of HDF5's.
ColumnLayout column_layout_of(hid_t memory_type, bool raw = false);
bool has_references(const ColumnLayout& layout);

struct Column {
  Bytes bytes;
  std::vector<double> offsets;
  std::vector<Column> parts;
};

// Room for `count` elements, as far as their bytes are known before.
void reserve(const ColumnLayout& layout, std::size_t count, Column& into);
// Appends `count` elements, which lie `stride` bytes apart.
void gather(const ColumnLayout& layout, const unsigned char* from, std::size_t stride, std::size_t count, Column& into);
DynamicValue to_dynamic_value(const ColumnLayout& layout, Column column);
// Gives back what HDF5 holds for the references in what it read.
void drop_references(const ColumnLayout& layout, unsigned char* from, std::size_t stride, std::size_t count);

// Memory that goes all at once.
class Arena {
 public:
  static constexpr hsize_t kUnlimited = ~hsize_t{0};
  explicit Arena(hsize_t most = kUnlimited) : most_(most) {}
  // Null beyond `most` bytes in all.
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

// The reverse, of `count` elements from the `first` of a column, which stays as it is: HDF5 is given pointers into it.
// Throws ERR_INVALID_ARGUMENT where the column is too short.
void scatter(const ColumnLayout& layout, const DynamicValue& column, std::size_t first, std::size_t count,
             unsigned char* into, std::size_t stride, Arena& arena, References& references);

}  // namespace h5tracks::hdf5
