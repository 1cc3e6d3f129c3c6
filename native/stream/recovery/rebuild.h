// The new file of a recovery: made from the journal's copy of the empty file, filled chunk by chunk, and finished.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hdf5/file/file.h"
#include "journal/reader.h"
#include "stream/blocks/block.h"

namespace h5tracks::stream {

class Rebuild {
 public:
  // Makes the file at `path`, where there is none. Says in `lost` which chunks could be brought along, but not read.
  Rebuild(const std::string& path, const journal::Reader& journal, std::vector<std::string>& lost);
  // A file that is not kept goes.
  ~Rebuild();
  Rebuild(const Rebuild&) = delete;
  Rebuild& operator=(const Rebuild&) = delete;

  // A block whose chunks lie in the old file. False: they are not there as they were written.
  bool take_chunks(const system::FileLock& old, const journal::Record& record);
  // The first rows of a block that lies in the journal.
  void take_rows(const unsigned char* slot, std::uint64_t base, std::uint64_t rows);
  // The file says so for good.
  void add_loss(const std::string& text);
  // Complete, marked as closed, and on the disk. Gives what it is known by.
  journal::Successor finish();
  // It has its name.
  void keep() { kept_ = true; }

  std::uint64_t rows() const { return rows_; }

 private:
  std::optional<codec::Bytes> take_chunk(const system::FileLock& old, std::size_t column,
                                         const journal::ChunkPlace& place);
  void write(std::uint64_t base, std::uint64_t rows, const std::vector<codec::Bytes>& chunks);

  const std::string path_;
  const journal::Reader& journal_;
  std::vector<std::string>& lost_;
  std::vector<codec::Pipeline> filters_;
  std::unique_ptr<hdf5::File> file_;
  std::vector<std::shared_ptr<hdf5::Dataset>> datasets_;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_taken_ = 0;  // of the old file
  bool kept_ = false;
};

}  // namespace h5tracks::stream
