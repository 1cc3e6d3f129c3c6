// One run of a writer over a file: its blocks, its marks in the file, its journal, and its end. After its beginning it
// is used by the I/O thread only.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hdf5/file/file.h"
#include "journal/journal.h"
#include "stream/blocks/block.h"
#include "stream/blocks/block_memory.h"

namespace h5tracks::stream {

enum class Durability {
  kNone,     // no journal
  kProcess,  // what is accepted outlasts the process
  kPower,    // and, once synced, the machine
};

struct RunOptions {
  Durability durability = Durability::kNone;
  // With kPower: how often rows of blocks that are not full are synced; 0: never.
  std::chrono::milliseconds sync_interval{0};
  // The file was just made, so that all of it is what a file without rows is.
  bool new_file = true;
  // A journal of an earlier run, whose writer is dead, is thrown away.
  bool discard_journal = false;
  // The object that bears the marks "run_id" and "closed_cleanly"; empty: no marks, and no journal.
  std::string marked;
};

using Datasets = std::vector<std::shared_ptr<hdf5::Dataset>>;

class Run {
 public:
  // `base`: rows in whole blocks that the datasets hold; `tail`: rows after them, which come into the first block.
  Run(std::shared_ptr<hdf5::File> file, const RunOptions& options, const BlockLayout& layout, const Datasets& datasets,
      hsize_t base, std::size_t tail, std::size_t blocks);

  // As they come, until they are prepared; but the first one has the rows of a chunk that was not full.
  const std::vector<std::shared_ptr<Block>>& blocks() const { return blocks_; }
  // So many of them are blank, from the first on; preparing the next piece makes more, by one thread at a time.
  std::size_t blank_blocks() const { return memory_->blank_blocks(); }
  void prepare();
  bool outlasts_power() const { return durability_ == Durability::kPower; }
  // Rows that outlast a loss of power from the beginning.
  hsize_t durable_rows() const { return outlasts_power() ? rows_before_ : 0; }

  // The block that begins at row `base` is in the file, its chunks at these places.
  void tell(hsize_t base, std::size_t rows, std::vector<journal::ChunkPlace> places);
  // So many rows of a block are on the disk when this returns, those before it being so.
  void sync_rows(std::size_t block, hsize_t base, std::size_t rows);
  // All rows are in the file, which is closed next.
  void mark_closed();
  // The file is complete and HDF5 has closed it: the journal goes.
  void end_well();
  // Gives the journal up, as it is: whatever it holds is for recovery.
  void end();

 private:
  void make_blocks(const Datasets& datasets, hsize_t base, std::size_t tail, std::size_t count);
  void make_journal(const RunOptions& options, std::vector<journal::Record> before, std::size_t blocks);
  void begin_journal(std::size_t tail);
  void introduce_journal();
  void mark_open();
  void sync_name();
  // The latest of all blocks.
  std::uint64_t tally() const;

  const std::shared_ptr<hdf5::File> file_;
  const BlockLayout& layout_;
  const Durability durability_;
  const std::string marked_;
  const hsize_t base_, rows_before_;
  // What the file held before is on the disk, and must not be lost with the power, whatever the new rows are promised.
  const bool careful_;
  bool name_synced_ = true;
  const std::string run_id_ = journal::new_run_id();
  const std::vector<journal::Column> columns_;
  std::shared_ptr<journal::Journal> journal_;
  std::uint64_t mark_address_ = 0;
  std::optional<BlockMemory> memory_;
  std::vector<std::shared_ptr<Block>> blocks_;
};

}  // namespace h5tracks::stream
