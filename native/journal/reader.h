// A journal as it is read: by recovery, by whoever follows a run, and by those who ask whether there is one.
// Whatever the bytes are, reading them ends with data or with Damaged, and takes no more memory than they justify.
#pragma once

#include <optional>
#include <stdexcept>

#include "journal/format.h"
#include "journal/mapping.h"

namespace h5tracks::journal {

// Says what is wrong and where.
class Damaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// False: its writer died before it could accept a row, or after the file was complete.
bool holds_run(int descriptor);
// The path is still the name of what the descriptor has open.
bool is_named(int descriptor, const std::string& path);

// What a complete file is known by.
Successor fingerprint(int descriptor);

class Reader {
 public:
  // kReadWrite: for `hold` and `set_successor`. None: there is no journal, or one that holds no run.
  static std::optional<Reader> open(const std::string& path, Mapping::Access access);

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_.get(); }
  std::string run_id() const { return {header_.run_id, kRunIdBytes}; }
  const Header& header() const { return header_; }
  std::string boot_id() const;
  const std::vector<Column>& columns() const { return columns_; }
  const std::string& marked() const { return marked_; }
  const std::vector<std::string>& lost() const { return lost_; }
  // The bytes of an HDF5 file, checked; header().skeleton_bytes of them.
  const unsigned char* skeleton() const;

  State state() const;
  // Rows that records tell of; grows while the writer lives.
  std::uint64_t committed_rows() const;
  std::optional<RunMark> mark() const;
  std::optional<Successor> successor() const;
  void set_successor(Successor successor);

  // The record with this index, if it is there and whole.
  std::optional<Record> record(std::uint64_t index) const;

  // A block in the open, as it is now.
  struct Slot {
    std::size_t index;
    std::uint64_t base, generation;
    std::uint32_t rows;
  };
  // Of the slots that hold counted rows from `committed` on, the unbroken sequence of blocks, in order.
  std::vector<Slot> open_blocks(std::uint64_t committed) const;
  const unsigned char* slot(std::size_t index) const;
  // The slot still holds what it held when `seen` was taken: what was copied meanwhile is whole.
  bool is_unchanged(const Slot& seen) const;
  // The latest of all slots; 0 where one of them cannot be true.
  std::uint64_t tally() const;
  // Rows of an open block that were on the disk for certain, proved by their checksum.
  std::optional<Slot> durable_rows(std::uint64_t committed) const;

 private:
  Reader() = default;
  void check_header(std::size_t file_bytes) const;
  void read_columns();
  void read_texts();
  const Live& live() const { return *reinterpret_cast<const Live*>(mapping_.data() + kPage); }
  std::optional<Slot> slot_now(std::size_t index) const;

  std::string path_;
  Descriptor descriptor_;
  Header header_{};
  Mapping mapping_;
  std::vector<Column> columns_;
  std::string marked_;
  std::vector<std::string> lost_;
};

// Of the first rows of every column of a block.
std::uint32_t values_crc(const unsigned char* slot, const std::vector<Column>& columns, std::uint64_t rows);

}  // namespace h5tracks::journal
