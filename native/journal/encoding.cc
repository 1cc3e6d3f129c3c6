// Converts columns and records to the journal's bytes and back, and computes its checksums.
#include <libdeflate.h>

#include <algorithm>
#include <cstring>

#include "journal/journal.h"
#include "journal/reader.h"

namespace h5tracks::journal {

namespace {

// One column in the journal; its path follows.
struct ColumnHead {
  std::uint8_t type, element_bytes, shuffle;
  std::int8_t deflate;
  std::uint32_t path_bytes;
  std::uint64_t row_values;
  double fill;
  std::uint64_t offset;
};

template <typename T>
void put(std::vector<unsigned char>& bytes, const T* values, std::size_t count = 1) {
  const std::size_t at = bytes.size();
  bytes.resize(at + count * sizeof(T));
  if (count > 0) std::memcpy(bytes.data() + at, values, count * sizeof(T));
}

}  // namespace

std::uint32_t crc32(const void* bytes, std::size_t size, std::uint32_t before) {
  return libdeflate_crc32(before, bytes, size);
}

std::uint32_t values_crc(const unsigned char* slot, const std::vector<Column>& columns, std::uint64_t rows) {
  std::uint32_t crc = 0;
  for (const Column& column : columns) crc = crc32(slot + column.offset, rows * column.row_bytes(), crc);
  return crc;
}

void encode(const std::vector<Column>& columns, std::vector<unsigned char>& bytes) {
  for (const Column& column : columns) {
    const ColumnHead head{column.type,
                          column.element_bytes,
                          column.shuffle,
                          static_cast<std::int8_t>(column.deflate),
                          static_cast<std::uint32_t>(column.path.size()),
                          column.row_values,
                          column.fill,
                          column.offset};
    put(bytes, &head);
    put(bytes, column.path.data(), column.path.size());
  }
}

std::vector<unsigned char> encode(const Record& record, std::uint32_t version, std::size_t record_bytes) {
  std::vector<unsigned char> bytes;
  RecordHead head{0, record.rows, record.base};
  const RecordStream stream{record.stream, 0};
  put(bytes, &head);
  if (has_several_streams(version)) put(bytes, &stream);
  put(bytes, record.chunks.data(), record.chunks.size());
  bytes.resize(record_bytes);
  head.crc = crc32(bytes.data(), bytes.size());
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

std::vector<unsigned char> encode(const std::vector<std::string>& texts) {
  std::vector<unsigned char> bytes;
  for (const std::string& text : texts) put(bytes, text.c_str(), text.size() + 1);
  return bytes;
}

void Reader::read_texts() {
  const char* at = reinterpret_cast<const char*>(mapping_.data() + header_.texts_offset);
  const char* end = at + header_.texts_bytes;
  if (crc32(at, header_.texts_bytes) != header_.texts_crc || at == end || end[-1] != 0) {
    throw Damaged("its list of names is damaged");
  }
  for (; at < end; at += lost_.back().size() + 1) lost_.emplace_back(at);
  marked_ = lost_.front();
  lost_.erase(lost_.begin());
}

namespace {

[[noreturn]] void damaged(const char* what) { throw Damaged(std::string("its list of datasets is damaged: ") + what); }

// Reads one column and moves `at` behind it.
Column column_at(const unsigned char*& at, const unsigned char* end) {
  ColumnHead head;
  if (static_cast<std::size_t>(end - at) < sizeof head) damaged("too short");
  std::memcpy(&head, at, sizeof head);
  at += sizeof head;
  if (static_cast<std::size_t>(end - at) < head.path_bytes) damaged("too short");
  const std::string path(reinterpret_cast<const char*>(at), head.path_bytes);
  at += head.path_bytes;
  return {path,         head.type,       head.element_bytes, head.shuffle != 0,
          head.deflate, head.row_values, head.fill,          head.offset};
}

void check(const Column& column, const StreamHead& stream) {
  const auto bytes = column.element_bytes;
  if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) damaged("size of an element");
  const std::uint64_t room = stream.slot_bytes;
  if (column.offset < sizeof(SlotHead) || column.offset > room || column.row_values == 0 ||
      column.row_values > (room - column.offset) / bytes / stream.rows) {
    damaged("beyond its block");
  }
}

}  // namespace

void Reader::read_columns(const std::vector<Placed>& placed) {
  const unsigned char* at = mapping_.data() + header_.columns_offset;
  const unsigned char* end = at + header_.columns_bytes;
  if (crc32(at, header_.columns_bytes) != header_.columns_crc) damaged("checksum");
  for (const Placed& stream : placed) {
    std::vector<Column> columns;
    for (std::uint64_t i = 0; i < stream.head.columns; ++i) {
      columns.push_back(column_at(at, end));
      check(columns.back(), stream.head);
    }
    streams_.emplace_back(stream.head, std::move(columns), mapping_.data(), stream.committed_at, stream.durable_at);
  }
}

}  // namespace h5tracks::journal
