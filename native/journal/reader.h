// The reader's side of the journal, for recovery, for followers, and to find out whether a journal exists. Any input is
// safe: reading ends with data or throws Damaged, and takes no more memory than the file's size justifies.
#pragma once

#include <optional>
#include <stdexcept>

#include "journal/format.h"
#include "journal/mapping.h"

namespace h5tracks::journal {

// The message says what is wrong and where.
class Damaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// False: the writer died before it could accept a row, or after the file was complete.
bool holds_run(int descriptor);
// Whether the path still names the open file.
bool is_named(int descriptor, const std::string& path);

// Identifies a complete file by its size and first bytes.
Successor fingerprint(int descriptor);

class Reader {
 public:
  // kReadWrite is needed for `hold` and `set_successor`. None: there is no journal, or it holds no run.
  static std::optional<Reader> open(const std::string& path, Mapping::Access access);

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_.get(); }
  std::string run_id() const { return {header_.run_id, kRunIdBytes}; }
  const Header& header() const { return header_; }
  std::string boot_id() const;
  const std::vector<Column>& columns() const { return columns_; }
  const std::string& marked() const { return marked_; }
  const std::vector<std::string>& lost() const { return lost_; }
  // The bytes of an HDF5 file, header().skeleton_bytes long, with a valid checksum.
  const unsigned char* skeleton() const;

  State state() const;
  // The number of rows that records describe; grows while the writer lives.
  std::uint64_t committed_rows() const;
  std::optional<RunMark> mark() const;
  std::optional<Successor> successor() const;
  void set_successor(Successor successor);

  // None: there is no such record yet, or it is incomplete.
  std::optional<Record> record(std::uint64_t index) const;

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

// The checksum of the first `rows` rows of every column of a block.
std::uint32_t values_crc(const unsigned char* slot, const std::vector<Column>& columns, std::uint64_t rows);

}  // namespace h5tracks::journal
