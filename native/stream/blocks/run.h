// One run of a writer over a file: its blocks, its marks in the file, its journal, and its end. Once constructed it is
// used by the I/O thread only, except for prepare(), which the encode pool calls.
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
  kProcess,  // accepted rows survive the process
  kPower,    // and, once synced, a loss of power
};

struct RunOptions {
  Durability durability = Durability::kNone;
  // With kPower: how often the rows of blocks that are not full are synced; 0: never.
  std::chrono::milliseconds sync_interval{0};
  // The file was just created, so its whole image can serve as the skeleton.
  bool new_file = true;
  // Discards the journal of an earlier run whose writer is dead.
  bool discard_journal = false;
  // The object that has the marks "run_id" and "closed_cleanly"; empty: no marks and no journal.
  std::string marked;
};

using Datasets = std::vector<std::shared_ptr<hdf5::Dataset>>;

class Run {
 public:
  // `base`: rows in whole blocks that the datasets already have; `tail`: rows after them, which are copied into the
  // first block.
  Run(std::shared_ptr<hdf5::File> file, const RunOptions& options, const BlockLayout& layout, const Datasets& datasets,
      hsize_t base, std::size_t tail, std::size_t blocks);

  // Uninitialised until they are prepared, except for the first, which has the rows of a chunk that was not full.
  const std::vector<std::shared_ptr<Block>>& blocks() const { return blocks_; }
  // This many blocks, from the first on, are blank. prepare() adds to them; it is not thread-safe.
  std::size_t blank_blocks() const { return memory_->blank_blocks(); }
  void prepare();
  bool outlasts_power() const { return durability_ == Durability::kPower; }
  // The number of rows that were durable when the run began.
  hsize_t durable_rows() const { return outlasts_power() ? rows_before_ : 0; }

  // Records in the journal that the block that begins at row `base` is in the file, with its chunks at these places.
  void tell(hsize_t base, std::size_t rows, std::vector<journal::ChunkPlace> places);
  // Makes `rows` rows of a block durable. All rows before them must be durable already.
  void sync_rows(std::size_t block, hsize_t base, std::size_t rows);
  // Marks the file as closed, once all rows are in it and before HDF5 closes it.
  void mark_closed();
  // Removes the journal, after HDF5 has closed the file without an error.
  void end_well();
  // Closes the journal without removing it; recovery uses whatever it holds.
  void end();

 private:
  void make_blocks(const Datasets& datasets, hsize_t base, std::size_t tail, std::size_t count);
  void make_journal(const RunOptions& options, std::vector<journal::Record> before, std::size_t blocks);
  void begin_journal(std::size_t tail);
  void introduce_journal();
  void mark_open();
  void sync_name();
  // The latest tally of all blocks.
  std::uint64_t tally() const;

  const std::shared_ptr<hdf5::File> file_;
  const BlockLayout& layout_;
  const Durability durability_;
  const std::string marked_;
  const hsize_t base_, rows_before_;
  // The file's earlier rows are durable, and a loss of power must not destroy them, whatever durability the new rows
  // have.
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
