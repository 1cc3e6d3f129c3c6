// Reads what another process is writing, without it and without HDF5: rows of blocks that are still being filled out of
// the mapped journal, rows of finished ones from the chunks that the journal tells of.
// Used by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codec/chunk_codec.h"
#include "hdf5/error.h"
#include "journal/reader.h"

namespace h5tracks::stream {

class Follower {
 public:
  // None: no journal lies beside the file.
  static std::shared_ptr<Follower> open(const std::string& path);

  struct Now {
    std::uint64_t rows;  // accepted so far
    bool closed;         // well: there will be no more
    bool alive;          // the writer
  };
  Now look();

  const std::vector<journal::Column>& columns() const { return journal_.columns(); }
  std::uint64_t block_rows() const { return journal_.header().rows; }
  std::string run_id() const { return journal_.run_id(); }

  // Accepted rows that are all in one block, column by column into `out`.
  void read(std::uint64_t first, std::uint64_t count, const std::vector<unsigned char*>& out);

  const std::string path;  // of the file

 private:
  Follower(std::string path, journal::Reader journal, journal::Descriptor file);

  bool copy_open(std::uint64_t first, std::uint64_t count, const std::vector<unsigned char*>& out) const;
  void load(std::uint64_t block);
  hdf5::Error damaged(const std::string& what) const;

  journal::Reader journal_;
  const journal::Descriptor file_;
  std::uint64_t rows_ = 0;
  // The finished block read last, decoded.
  std::uint64_t loaded_ = UINT64_MAX;
  std::vector<codec::Bytes> values_;
};

}  // namespace h5tracks::stream
