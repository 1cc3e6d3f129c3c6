// One stream of a run: its blocks and their memory, its rows when the run began, and how the journal describes it.
#pragma once

#include <memory>
#include <vector>

#include "hdf5/dataset/dataset.h"
#include "journal/journal.h"
#include "stream/blocks/block.h"
#include "stream/blocks/block_memory.h"

namespace h5tracks::stream {

using Datasets = std::vector<std::shared_ptr<hdf5::Dataset>>;

class RunStream {
 public:
  // `layout` and `datasets` outlive this. `base`: rows in whole blocks that the datasets already have; `tail`: rows
  // after them, which are copied into the first block.
  RunStream(const BlockLayout& layout, const Datasets& datasets, hsize_t base, std::size_t tail, std::size_t blocks);

  // With `records`, the blocks that the file already has are recorded as those of stream `index`.
  journal::PlannedStream planned(std::uint32_t index, bool records) const;
  // Makes the blocks, in the journal if there is one, and reads the tail. Throws SystemError.
  void make_blocks(const std::shared_ptr<journal::Journal>& journal, std::size_t index);

  // Uninitialised until they are prepared, except for the first, which has the rows of a chunk that was not full.
  const std::vector<std::shared_ptr<Block>>& blocks() const { return blocks_; }
  // This many blocks, from the first on, are blank. prepare() adds to them; it is not thread-safe.
  std::size_t blank_blocks() const { return memory_->blank_blocks(); }
  // Throws SystemError.
  void prepare() { memory_->prepare(); }
  // The checksum of the first rows of a block.
  std::uint32_t values_crc(std::size_t block, std::size_t rows) const;
  // The latest tally of all blocks.
  std::uint64_t tally() const;

  // Whether a chunk may be stored without some of its filters.
  bool has_filters() const;
  hsize_t base() const { return base_; }
  std::size_t tail() const { return tail_; }
  hsize_t rows_before() const { return base_ + tail_; }
  const std::vector<journal::Column>& columns() const { return columns_; }

 private:
  const BlockLayout& layout_;
  const Datasets& datasets_;
  const hsize_t base_;
  const std::size_t tail_, count_;
  const std::vector<journal::Column> columns_;
  std::unique_ptr<BlockMemory> memory_;
  std::vector<std::shared_ptr<Block>> blocks_;
};

}  // namespace h5tracks::stream
