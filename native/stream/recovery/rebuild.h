// The new file of a recovery: created from the journal's skeleton, filled chunk by chunk, and closed.
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
  // Creates the file at `path`, which must not exist. Adds to `lost` the chunks that were copied although they cannot
  // be decoded.
  Rebuild(const std::string& path, const journal::Reader& journal, std::vector<std::string>& lost);
  // Removes the file unless keep() was called.
  ~Rebuild();
  Rebuild(const Rebuild&) = delete;
  Rebuild& operator=(const Rebuild&) = delete;

  // Copies a block whose chunks lie in the old file. False: they are missing or changed.
  bool take_chunks(const system::FileLock& old, const journal::Record& record);
  // Writes the first rows of a block of stream `stream` that lies in the journal.
  void take_rows(std::size_t stream, const unsigned char* slot, std::uint64_t base, std::uint64_t rows);
  // Stores the text as an attribute in the file.
  void add_loss(const std::string& text);
  // Completes the file, marks it as closed and syncs it. Returns the size and checksum that identify it.
  journal::Successor finish();
  // Called once the file has its final name.
  void keep() { kept_ = true; }

  std::uint64_t rows(std::size_t stream) const { return streams_[stream].rows; }

 private:
  struct Chunk {
    codec::Bytes bytes;
    std::uint32_t skipped = 0;  // a bit for each filter that was skipped
  };
  struct Stream {
    const journal::StreamReader& journal;
    std::vector<codec::Pipeline> filters;
    std::vector<std::shared_ptr<hdf5::Dataset>> datasets;
    std::uint64_t rows = 0;
  };

  Stream open_stream(const journal::StreamReader& journal) const;
  std::optional<codec::Bytes> take_chunk(const system::FileLock& old, std::uint64_t bytes,
                                         const journal::ChunkPlace& place);
  void report_damage(const Stream& stream, const journal::Record& record, const std::vector<Chunk>& chunks);
  void write(Stream& stream, std::uint64_t base, std::uint64_t rows, const std::vector<Chunk>& chunks);

  const std::string path_;
  const journal::Reader& journal_;
  std::vector<std::string>& lost_;
  std::unique_ptr<hdf5::File> file_;
  std::vector<Stream> streams_;
  std::uint64_t bytes_taken_ = 0;  // from the old file
  bool kept_ = false;
};

}  // namespace h5tracks::stream
