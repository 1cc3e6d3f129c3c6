// One run of a writer over a file: its streams, its marks in the file, its journal, and its end. Once constructed it is
// used by the I/O thread only, except for prepare(), which the encode pool calls.
#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hdf5/file/file.h"
#include "journal/journal.h"
#include "stream/blocks/run_stream.h"
#include "stream/run_state/file_template.h"

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
  // The contents of the new file, which HDF5 has not opened yet; null: it has made them.
  std::shared_ptr<const FileTemplate> contents;
  // Contents that HDF5 made are kept as the template of this key; empty: they are not.
  std::string template_key;
  // The object that has the marks "run_id" and "closed_cleanly"; empty: no marks and no journal.
  std::string marked;
};

class Run {
 public:
  Run(std::shared_ptr<hdf5::File> file, const RunOptions& options, std::vector<RunStream> streams);

  const RunStream& stream(std::size_t index) const { return streams_[index]; }
  // Prepares more blocks of a stream.
  void prepare(std::size_t stream);
  bool outlasts_power() const { return durability_ == Durability::kPower; }
  // The number of rows of a stream that were durable when the run began.
  hsize_t durable_rows(std::size_t stream) const { return outlasts_power() ? streams_[stream].rows_before() : 0; }

  // Records in the journal that the block that begins at row `base` is in the file, with its chunks at these places.
  void tell(std::size_t stream, hsize_t base, std::size_t rows, std::vector<journal::ChunkPlace> places);
  // The first rows of an open block.
  struct OpenRows {
    std::size_t stream, block;
    hsize_t base;
    std::size_t rows;
  };
  // Makes them durable. All rows before them must be durable already.
  void sync_rows(const std::vector<OpenRows>& blocks);
  // Marks the file as closed, once all rows are in it and before HDF5 closes it.
  void mark_closed();
  // Removes the journal, after HDF5 has closed the file without an error.
  void end_well();
  // Closes the journal without removing it; recovery uses whatever it holds.
  void end();

 private:
  void make_journal(const RunOptions& options);
  std::vector<unsigned char> skeleton(const RunOptions& options, std::vector<std::string>& lost);
  void begin_journal();
  void introduce_journal(const RunOptions& options);
  void mark_open();
  void sync_name();

  const std::shared_ptr<hdf5::File> file_;
  const Durability durability_;
  const std::string marked_;
  // The file's earlier rows are durable, and a loss of power must not destroy them, whatever durability the new rows
  // have.
  const bool careful_;
  bool name_synced_ = true;
  const std::string run_id_ = journal::new_run_id();
  std::shared_ptr<journal::Journal> journal_;
  std::uint64_t mark_address_ = 0;
  std::vector<RunStream> streams_;
};

}  // namespace h5tracks::stream
