#include "stream/blocks/block.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "journal/fence.h"
#include "stream/blocks/element_types.h"
#include "system/memory.h"

namespace h5tracks::stream {

namespace {

// A cache line: no two columns share one, and every element type is aligned.
constexpr std::size_t kAlignment = 64;

}  // namespace

void fill(hdf5::Element type, unsigned char* at, std::size_t bytes, double value) {
  with_type(type, [=](auto zero) {
    using T = decltype(zero);
    std::fill_n(reinterpret_cast<T*>(at), bytes / sizeof(T), static_cast<T>(value));
  });
}

bool can_hold(hdf5::Element type, double value) {
  return with_type(type, [=](auto zero) {
    using Limits = std::numeric_limits<decltype(zero)>;
    const double most = std::ldexp(1.0, Limits::digits);
    return !Limits::is_integer || (value >= static_cast<double>(Limits::lowest()) && value < most);
  });
}

BlockLayout::BlockLayout(std::vector<Column> given, std::size_t rows)
    : columns(std::move(given)), rows(rows), bytes(kAlignment) {
  for (const Column& column : columns) {
    offsets.push_back(bytes);
    bytes += system::whole(kAlignment, column.row_bytes() * rows);
  }
}

Block::Block(const BlockLayout& layout, std::shared_ptr<unsigned char> memory)
    : layout_(layout), data_(std::move(memory)) {}

std::vector<unsigned char> Block::padded_column(std::size_t index, std::size_t rows) const {
  const Column& given = layout_.columns[index];
  const std::size_t taken = rows * given.row_bytes();
  std::vector<unsigned char> values(column(index), column(index) + taken);
  values.resize(column_bytes(index));
  fill(given.type, values.data() + taken, values.size() - taken, given.fill);
  return values;
}

std::int32_t Block::counted_rows() const {
  const std::int32_t rows = __atomic_load_n(&head().counted_rows, __ATOMIC_ACQUIRE);
  return std::clamp(rows, 0, static_cast<std::int32_t>(layout_.rows));
}

void Block::count(std::int32_t rows) { __atomic_store_n(&head().counted_rows, rows, __ATOMIC_RELEASE); }

void Block::accept(const unsigned char* copy, std::size_t from, std::size_t rows) {
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    const std::size_t row_bytes = layout_.columns[i].row_bytes();
    const std::size_t at = layout_.offsets[i] + from * row_bytes;
    std::memcpy(data_.get() + at, copy + at, (rows - from) * row_bytes);
  }
  journal::SlotHead changed;
  std::memcpy(&changed, copy, sizeof changed);
  __atomic_store_n(&head().tally, changed.tally, __ATOMIC_RELEASE);
  count(static_cast<std::int32_t>(rows));
}

void Block::set_base(std::uint64_t base) { __atomic_store_n(&head().base, base, __ATOMIC_RELEASE); }

std::uint64_t Block::tally() const { return __atomic_load_n(&head().tally, __ATOMIC_ACQUIRE); }

void Block::recycle() {
  count(0);
  // Tells a process that copies rows from this block that its copy is invalid. The order of the stores keeps it from
  // taking old rows for those of the new generation, or new values for those of the old one.
  __atomic_add_fetch(&head().generation, 1, __ATOMIC_SEQ_CST);
  journal::release_fence();
}

void Block::blank() {
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
    const Column& column = layout_.columns[i];
    fill(column.type, data() + layout_.offsets[i], column_bytes(i), column.fill);
  }
}

}  // namespace h5tracks::stream
