// What a BlockWriter hands from thread to thread. For its own files only.
#pragma once

#include <atomic>
#include <chrono>

#include "stream/blocks/block_writer.h"

namespace h5tracks::stream {

// A step that the I/O thread takes in its turn: rows to commit, or none, and then what was asked for.
struct BlockWriter::Step {
  std::shared_ptr<Block> block;        // none: nothing to commit
  std::optional<std::size_t> recycle;  // the block's index, given back once it is committed …
  bool blank = false;                  // … and blank
  hsize_t base = 0;
  std::size_t rows = 0;
  std::vector<codec::Bytes> chunks;
  std::vector<std::uint32_t> crcs;
  std::atomic<std::size_t> columns_left{0};
  std::optional<double> commit_seconds;  // once its block is in the file for good
  bool flush = false;
  bool sync = false;
  bool close = false;
  Done done;
};

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace h5tracks::stream
