// Reads a file that another process is writing, without HDF5: rows of open blocks from the memory-mapped journal, rows
// of committed blocks from the chunks whose addresses the journal records. One thread at a time may call load(), and
// one other thread the rest.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codec/pipeline.h"
#include "journal/reader.h"
#include "system/error.h"

namespace h5tracks::stream {

class Follower {
 public:
  // Null: there is no journal beside the file, or it holds no run. Throws ERR_JOURNAL if the journal is damaged.
  static std::shared_ptr<Follower> open(const std::string& path);

  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  struct Now {
    std::vector<std::uint64_t> rows;  // of each stream, accepted so far
    bool closed;                      // the run ended well: there will be no more rows
    bool alive;                       // the writer still runs
  };
  Now look() const;

  const std::vector<journal::StreamReader>& streams() const { return journal_.streams(); }
  // The bytes of an HDF5 file: the one being written, without its rows.
  codec::Bytes skeleton() const;

  // copy() and load() get rows of a stream that look() has reported and that are all in one block, column by column,
  // into `out`.
  using Out = std::vector<unsigned char*>;
  // From the journal's memory. False: the block was committed meanwhile, and `out` is invalid.
  bool copy(std::size_t stream, std::uint64_t first, std::uint64_t count, const Out& out) const;
  // From the file.
  void load(std::size_t stream, std::uint64_t first, std::uint64_t count, const Out& out);

  const std::string path;  // of the file

 private:
  Follower(std::string path, journal::Reader journal, system::Descriptor file);

  // The committed block of a stream that was read last, decoded, and where its records are in the journal.
  struct Loaded {
    std::uint64_t block = UINT64_MAX;
    std::vector<codec::Bytes> values;
    std::vector<std::uint64_t> records;
  };

  static std::uint64_t rows_now(const journal::StreamReader& stream);
  void decode(std::size_t stream, std::uint64_t block);
  journal::Record record_of(std::size_t stream, std::uint64_t block);
  void find_records();
  void decode_column(const journal::Record& record, std::size_t index);
  Error unreadable(const std::string& what) const;

  journal::Reader journal_;
  const system::Descriptor file_;
  const bool same_boot_;
  std::vector<Loaded> loaded_;
  std::uint64_t records_found_ = 0;
  codec::Bytes chunk_;
};

}  // namespace h5tracks::stream
