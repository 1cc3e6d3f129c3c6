// The reader's side of the journal, for recovery, for followers, and to find out whether a journal exists. Any input is
// safe: reading ends with data or throws Damaged, and takes no more memory than the file's size justifies.
#pragma once

#include <optional>
#include <stdexcept>

#include "journal/format.h"
#include "journal/stream_reader.h"
#include "journal/system_error.h"
#include "system/mapping.h"

namespace h5tracks::journal {

// The message says what is wrong and where.
class Damaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// False: the writer died before it could accept a row, or after the file was complete.
bool holds_run(system::FileNumber file);
// Whether the path still names the open file.
bool is_named(system::FileNumber file, const std::string& path);

// Identifies a complete file by its size and first bytes.
Successor fingerprint(system::FileNumber file);

class Reader {
 public:
  using Access = system::Mapping::Access;

  // kReadWrite is needed for `hold` and `set_successor`. None: there is no journal, or it holds no run.
  static std::optional<Reader> open(const std::string& path, Access access);

  const std::string& path() const { return path_; }
  system::FileNumber file() const { return file_.get(); }
  std::string run_id() const { return {header_.run_id, kRunIdBytes}; }
  const Header& header() const { return header_; }
  std::string boot_id() const;
  const std::vector<StreamReader>& streams() const { return streams_; }
  const std::string& marked() const { return marked_; }
  const std::vector<std::string>& lost() const { return lost_; }
  // The bytes of an HDF5 file, header().skeleton_bytes long, with a valid checksum.
  const unsigned char* skeleton() const;

  State state() const;
  // Whether records describe rows of any stream.
  bool has_committed_rows() const;
  // The latest tally of all slots.
  std::uint64_t tally() const;
  std::optional<RunMark> mark() const;
  std::optional<Successor> successor() const;
  void set_successor(Successor successor);
  // Before the journal is removed. Of the rest, only its path and header may be used from then on.
  void unmap() { mapping_ = {}; }

  // Those of all streams, in the order of commits. None: there is no such record yet, or it is incomplete.
  std::optional<Record> record(std::uint64_t index) const;

 private:
  Reader() = default;
  // A stream, and where in the journal the data are that change.
  struct Placed {
    StreamHead head;
    std::size_t committed_at = 0, durable_at = 0;
  };

  void check_header(std::size_t file_bytes) const;
  void check_stream(const StreamHead& head) const;
  std::vector<Placed> placed_streams() const;
  std::vector<Placed> several_streams() const;
  void read_columns(const std::vector<Placed>& placed);
  void read_texts();
  const Live& live() const { return *reinterpret_cast<const Live*>(mapping_.data() + kPage); }

  std::string path_;
  system::Descriptor file_;
  Header header_{};
  system::Mapping mapping_;
  std::vector<StreamReader> streams_;
  std::string marked_;
  std::vector<std::string> lost_;
};

}  // namespace h5tracks::journal
