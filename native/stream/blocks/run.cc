#include "stream/blocks/run.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "hdf5/core/lock.h"
#include "hdf5/object/skeleton.h"
#include "journal/reader.h"
#include "stream/blocks/journal_columns.h"
#include "stream/run_state/abandoned_replacement.h"
#include "stream/run_state/journal_errors.h"
#include "stream/run_state/refusals.h"
#include "stream/run_state/run_marks.h"
#include "system/real_path.h"

namespace h5tracks::stream {

namespace {

std::set<std::string> paths_of(const std::vector<journal::Column>& columns) {
  std::set<std::string> paths;
  for (const journal::Column& column : columns) paths.insert(column.path);
  return paths;
}

// The whole blocks that the file already has. Their checksums stay unknown: computing them means reading gigabytes
// before the run can start, and the run does not change these chunks.
std::vector<journal::Record> whole_blocks(const Datasets& datasets, std::size_t rows, hsize_t base, std::size_t tail) {
  std::vector<journal::Record> blocks(base / rows);
  const std::size_t wanted = blocks.size() + (tail > 0 ? 1 : 0);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    blocks[i] = {i * rows, static_cast<std::uint32_t>(rows), std::vector<journal::ChunkPlace>(datasets.size())};
  }
  for (std::size_t column = 0; column < datasets.size(); ++column) {
    std::size_t found = 0;
    for (const hdf5::ChunkPlace& chunk : datasets[column]->chunks()) {
      if (chunk.row < base + tail) ++found;
      if (chunk.row < base) blocks[chunk.row / rows].chunks[column] = {chunk.address, chunk.size, 0, 0};
    }
    if (found == wanted) continue;
    throw Error("ERR_FORMAT", "'" + datasets[column]->path + "' lacks " + std::to_string(wanted - found) + " of its " +
                                  std::to_string(wanted) + " chunks; h5tracks check says which");
  }
  return blocks;
}

}  // namespace

Run::Run(std::shared_ptr<hdf5::File> file, const RunOptions& options, const BlockLayout& layout,
         const Datasets& datasets, hsize_t base, std::size_t tail, std::size_t blocks)
    : file_(std::move(file)),
      layout_(layout),
      durability_(options.durability),
      marked_(options.marked),
      base_(base),
      rows_before_(base + tail),
      careful_(durability_ == Durability::kPower || (durability_ == Durability::kProcess && !options.new_file)),
      columns_(describe(layout)) {
  // A new file is marked before its image becomes the skeleton. A file with rows is not changed before the journal can
  // repair it.
  if (options.new_file) mark_open();
  std::vector<journal::Record> before;
  if (!options.new_file) before = whole_blocks(datasets, layout_.rows, base, tail);
  if (durability_ != Durability::kNone) make_journal(options, std::move(before), blocks);
  make_blocks(datasets, base, tail, blocks);
  try {
    if (journal_) begin_journal(tail);
    if (!options.new_file) mark_open();
    if (journal_) introduce_journal();
    // Last, so that any earlier failure leaves the file that this one replaces.
    name_synced_ = !file_->take_name();
  } catch (...) {
    // No row was accepted. But a file that held rows may be half marked; its journal stays for recovery.
    try {
      if (journal_ && options.new_file) journal_->remove(false);
    } catch (const journal::SystemError&) {
      // The journal itself says that it holds no run; the first error matters more.
    }
    throw;
  }
}

void Run::begin_journal(std::size_t tail) {
  on_journal(file_->path, journal_->path, [&] {
    if (tail > 0) {
      const auto crc = journal::values_crc(blocks_.front()->data(), columns_, tail);
      journal_->note_durable(0, base_, static_cast<std::uint32_t>(tail), crc);
    }
    // The header must not be durable before the rest of the journal is.
    if (careful_) journal_->sync();
    journal_->begin();
    if (careful_) journal_->sync_with_name();
  });
}

// Notes in the journal where the file contains the run id. The mark must be in the file first: recovery refuses a file
// without the mark that the journal describes.
void Run::introduce_journal() {
  mark_address_ = marked_address(*file_, run_id_);
  if (careful_) file_->sync();
  journal_->set_mark(mark_address_);
  if (careful_) on_journal(file_->path, journal_->path, [&] { journal_->sync(); });
}

void Run::make_journal(const RunOptions& options, std::vector<journal::Record> before, std::size_t blocks) {
  journal::Plan plan;
  plan.file = system::real_path(file_->path);
  plan.run_id = run_id_;
  struct stat status {};
  if (::stat(file_->place().c_str(), &status) != 0) throw system_error(errno, "stat", file_->place());
  plan.device = status.st_dev;
  plan.inode = status.st_ino;
  plan.owner = status.st_uid;
  plan.group = status.st_gid;
  plan.mode = status.st_mode;
  plan.rows = layout_.rows;
  plan.slots = blocks;
  plan.slot_bytes = layout_.bytes;
  plan.columns = columns_;
  plan.marked = marked_;
  plan.before = std::move(before);
  {
    const hdf5::Lock lock;
    file_->flush_locked();
    plan.skeleton =
        options.new_file ? file_->image_locked() : hdf5::skeleton(file_->id(), paths_of(columns_), plan.lost);
  }
  const std::string path = journal::path_beside(plan.file);
  on_journal(file_->path, path, [&] {
    try {
      if (has_abandoned_replacement(plan.file)) remove_abandoned_replacement(plan.file);
      if (options.discard_journal) journal::discard(path);
      journal_ = std::make_shared<journal::Journal>(plan);
    } catch (const journal::SystemError& error) {
      if (error.number == EEXIST) throw needs_recovery(file_->path);
      if (error.number == EBUSY) throw in_use(file_->path);
      throw;
    }
  });
}

void Run::make_blocks(const Datasets& datasets, hsize_t base, std::size_t tail, std::size_t count) {
  memory_.emplace(layout_, count, journal_);
  for (std::size_t i = 0; i < count; ++i) blocks_.push_back(std::make_shared<Block>(layout_, memory_->block(i)));
  if (tail == 0) return;
  while (blank_blocks() == 0) prepare();
  Block& first = *blocks_.front();
  for (std::size_t i = 0; i < datasets.size(); ++i) {
    hdf5::Shape start, extent = *datasets[i]->info().shape;
    start.resize(extent.size());
    start[0] = base;
    extent[0] = tail;
    const hdf5::Lock lock;
    const hdf5::Box box(std::move(start), std::move(extent));
    // As they are stored: an enum and a string stay the bytes that the block has for them.
    datasets[i]->read(datasets[i]->native_memory_layout(), box, hdf5::MemoryPlace::of(box),
                      first.data() + layout_.offsets[i]);
  }
  first.set_base(base);
  first.count(static_cast<std::int32_t>(tail));
}

void Run::prepare() {
  on_journal(file_->path, journal_ ? journal_->path : file_->path, [&] { memory_->prepare(); });
}

void Run::mark_open() {
  if (!marked_.empty()) stream::mark_open(*file_, marked_, durability_ == Durability::kNone ? kNoJournal : run_id_);
}

void Run::mark_closed() {
  if (journal_) {
    journal_->set_closing();
    // The journal must say kClosing before the mark disappears from the file, because recovery identifies the file by
    // its mark.
    if (careful_) on_journal(file_->path, journal_->path, [&] { journal_->sync(); });
  }
  if (marked_.empty()) return;
  // The data first: a file that says it was closed must be complete even if its journal is lost.
  file_->flush();
  if (careful_) file_->sync();
  stream::mark_closed(*file_, marked_, tally());
}

std::uint64_t Run::tally() const {
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < blank_blocks(); ++i) most = std::max(most, blocks_[i]->tally());
  return most;
}

void Run::tell(hsize_t base, std::size_t rows, std::vector<journal::ChunkPlace> places) {
  if (!journal_) return;
  // The first block of a resumed run contains rows of the old partial chunk. They were durable before, and its slot is
  // about to be reused.
  const bool now = outlasts_power() || (careful_ && base == base_ && rows_before_ > base_);
  if (now) {
    file_->sync();
    sync_name();
  }
  on_journal(file_->path, journal_->path, [&] {
    journal_->append({base, static_cast<std::uint32_t>(rows), std::move(places)});
    if (now) journal_->sync();
  });
}

void Run::sync_rows(std::size_t block, hsize_t base, std::size_t rows) {
  const std::uint32_t crc = journal::values_crc(blocks_[block]->data(), columns_, rows);
  sync_name();
  on_journal(file_->path, journal_->path, [&] {
    journal_->note_durable(block, base, static_cast<std::uint32_t>(rows), crc);
    journal_->sync();
  });
}

// Not in take_name(): if syncing failed there, the replaced file could not be brought back.
void Run::sync_name() {
  if (name_synced_) return;
  on_journal(file_->path, file_->path, [&] { journal::sync_directory_of(journal_->path); });
  name_synced_ = true;
}

void Run::end_well() {
  if (!journal_) return;
  // HDF5 deletes the attribute but leaves its bytes in the file, and recovery would take them for a mark.
  file_->erase_at(mark_address_, run_id_);
  if (careful_) file_->sync();
  on_journal(file_->path, journal_->path, [&] { journal_->remove(careful_); });
  // Now, and not on destruction: closing a replacement file makes the system write it to the disk, and freeing the
  // journal's space would wait for that.
  journal_->release();
}

void Run::end() {
  if (journal_) journal_->release();
}

}  // namespace h5tracks::stream
