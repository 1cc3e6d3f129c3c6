#include "stream/block.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace h5tracks::stream {

namespace {

// A cache line, so that no two columns share one, and every element type is aligned.
constexpr std::size_t kAlignment = 64;

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

template <typename T>
void fill_with(unsigned char* at, std::size_t bytes, double value) {
  std::fill_n(reinterpret_cast<T*>(at), bytes / sizeof(T), static_cast<T>(value));
}

}  // namespace

BlockLayout::BlockLayout(std::vector<Column> given, std::size_t rows)
    : columns(std::move(given)), rows(rows), bytes(kAlignment) {
  for (const Column& column : columns) {
    offsets.push_back(bytes);
    bytes += aligned(column.row_bytes() * rows);
  }
}

void Block::Free::operator()(unsigned char* memory) const { ::operator delete[](memory, std::align_val_t(kAlignment)); }

Block::Block(const BlockLayout& layout)
    : layout_(layout), data_(new (std::align_val_t(kAlignment)) unsigned char[layout.bytes]) {
  std::memset(data_.get(), 0, kAlignment);
  for (std::size_t i = 0; i < layout_.columns.size(); ++i) refill(i);
}

Block::Block(const Block& other)
    : layout_(other.layout_), data_(new (std::align_val_t(kAlignment)) unsigned char[other.layout_.bytes]) {
  std::memcpy(data_.get(), other.data_.get(), layout_.bytes);
}

std::int32_t Block::counted_rows() const {
  std::int32_t rows;
  std::memcpy(&rows, data_.get(), sizeof rows);
  return std::min(rows, static_cast<std::int32_t>(layout_.rows));
}

void Block::reset_count() { std::memset(data_.get(), 0, sizeof(std::int32_t)); }

void Block::refill(std::size_t index) {
  const Column& column = layout_.columns[index];
  unsigned char* at = data_.get() + layout_.offsets[index];
  const std::size_t bytes = column_bytes(index);
  switch (column.type) {
    case hdf5::Element::kInt8:
    case hdf5::Element::kBool:
      return fill_with<std::int8_t>(at, bytes, column.fill);
    case hdf5::Element::kUint8:
      return fill_with<std::uint8_t>(at, bytes, column.fill);
    case hdf5::Element::kInt16:
      return fill_with<std::int16_t>(at, bytes, column.fill);
    case hdf5::Element::kUint16:
      return fill_with<std::uint16_t>(at, bytes, column.fill);
    case hdf5::Element::kInt32:
      return fill_with<std::int32_t>(at, bytes, column.fill);
    case hdf5::Element::kUint32:
      return fill_with<std::uint32_t>(at, bytes, column.fill);
    case hdf5::Element::kInt64:
      return fill_with<std::int64_t>(at, bytes, column.fill);
    case hdf5::Element::kUint64:
      return fill_with<std::uint64_t>(at, bytes, column.fill);
    case hdf5::Element::kFloat32:
      return fill_with<float>(at, bytes, column.fill);
    case hdf5::Element::kFloat64:
      return fill_with<double>(at, bytes, column.fill);
  }
}

}  // namespace h5tracks::stream
