// A step that a BlockWriter passes from thread to thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "codec/pipeline.h"
#include "stream/blocks/block.h"
#include "stream/threads/done.h"

namespace h5tracks::stream {

class BlockStream;

// What the I/O thread does in one turn: commit the rows of a block, if there is one, then flush, sync or close.
struct BlockStep {
  BlockStream* stream = nullptr;       // of the block
  std::shared_ptr<Block> block;        // none: nothing to commit
  std::optional<std::size_t> recycle;  // the block's index, if it is full: it is freed once committed …
  bool blank = false;                  // … and made blank
  hsize_t base = 0;
  std::size_t rows = 0;
  std::vector<codec::Bytes> chunks;
  std::vector<std::uint32_t> crcs;
  std::vector<std::uint16_t> skipped;  // of each chunk, a bit for each filter that was skipped
  bool thorough = false;               // the encoder may take its time
  std::atomic<std::size_t> columns_left{0};
  std::optional<double> commit_seconds;  // set once the whole block is committed
  bool flush = false;
  bool sync = false;
  bool close = false;
  Done done;
};

}  // namespace h5tracks::stream
