// The new file of a recovery: made from the journal's copy of the empty file, filled chunk by chunk, and finished.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hdf5/file.h"
#include "journal/reader.h"
#include "stream/block.h"

namespace h5tracks::stream {

class Rebuild {
 public:
  // Makes the file at `path`, over what an earlier recovery may have left there.
  Rebuild(const std::string& path, const journal::Reader& journal);
  // An unfinished file goes.
  ~Rebuild();
  Rebuild(const Rebuild&) = delete;
  Rebuild& operator=(const Rebuild&) = delete;

  // A block whose chunks lie in the old file. False: they are not there as they were written.
  bool take_chunks(int old_file, const journal::Record& record);
  // The first rows of a block that lies in the journal.
  void take_rows(const unsigned char* slot, std::uint64_t base, std::uint64_t rows);
  // Complete, marked as closed, and on the disk. Gives what it is known by.
  journal::Successor finish();

  std::uint64_t rows() const { return rows_; }

 private:
  void write(std::uint64_t base, std::uint64_t rows, const std::vector<codec::Bytes>& chunks);

  const std::string path_;
  const journal::Reader& journal_;
  std::vector<codec::ChunkFilters> filters_;
  std::unique_ptr<hdf5::File> file_;
  std::vector<std::shared_ptr<hdf5::Dataset>> datasets_;
  std::uint64_t rows_ = 0;
  bool finished_ = false;
};

}  // namespace h5tracks::stream
