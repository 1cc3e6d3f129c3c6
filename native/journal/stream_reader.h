// One stream of a journal, read from its memory: slots, and the data that change while the writer lives. Belongs to a
// Reader, which has checked that all of it lies within the journal.
#pragma once

#include <optional>
#include <vector>

#include "journal/format.h"

namespace h5tracks::journal {

class StreamReader {
 public:
  // `journal`: its mapped memory, which outlives this. `committed_at`, `durable_at`: offsets of what changes.
  StreamReader(const StreamHead& head, std::vector<Column> columns, const unsigned char* journal,
               std::size_t committed_at, std::size_t durable_at)
      : head_(head),
        columns_(std::move(columns)),
        journal_(journal),
        committed_at_(committed_at),
        durable_at_(durable_at) {}

  // Of a block.
  std::uint64_t rows() const { return head_.rows; }
  std::uint64_t slot_bytes() const { return head_.slot_bytes; }
  const std::vector<Column>& columns() const { return columns_; }
  // The number of rows that records describe; grows while the writer lives.
  std::uint64_t committed_rows() const;

  // An open block, as it was when it was looked at.
  struct Slot {
    std::size_t index;
    std::uint64_t base, generation;
    std::uint32_t rows;
  };
  // The open blocks from row `committed` on, in order, up to the first gap.
  std::vector<Slot> open_blocks(std::uint64_t committed) const;
  const unsigned char* slot(std::size_t index) const;
  // Whether the slot was not reused since `seen` was taken; if so, what was copied from it in between is valid.
  bool is_unchanged(const Slot& seen) const;
  // The latest tally of all slots; 0 if one of them is impossible.
  std::uint64_t tally() const;
  // The rows of an open block that are proved durable by their checksum.
  std::optional<Slot> durable_rows(std::uint64_t committed) const;

 private:
  std::optional<Slot> slot_now(std::size_t index) const;

  StreamHead head_;
  std::vector<Column> columns_;
  const unsigned char* journal_;
  std::size_t committed_at_, durable_at_;
};

// The checksum of the first `rows` rows of every column of a block.
std::uint32_t values_crc(const unsigned char* slot, const std::vector<Column>& columns, std::uint64_t rows);

}  // namespace h5tracks::journal
