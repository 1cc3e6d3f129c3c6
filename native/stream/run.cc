#include "stream/run.h"

#include <sys/stat.h>

#include <cerrno>

#include "hdf5/lock.h"
#include "journal/reader.h"
#include "stream/marks.h"
#include "stream/recover.h"

namespace h5tracks::stream {

namespace {

std::vector<journal::Column> describe(const BlockLayout& layout) {
  std::vector<journal::Column> columns;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const Column& column = layout.columns[i];
    journal::Column told;
    told.path = column.path;
    told.type = static_cast<std::uint8_t>(column.type);
    told.element_bytes = static_cast<std::uint8_t>(hdf5::size_of(column.type));
    told.shuffle = column.filters.shuffle;
    told.deflate = column.filters.deflate.value_or(-1);
    told.row_values = column.row_values;
    told.fill = column.fill;
    told.offset = layout.offsets[i];
    columns.push_back(std::move(told));
  }
  return columns;
}

std::set<std::string> paths_of(const std::vector<journal::Column>& columns) {
  std::set<std::string> paths;
  for (const journal::Column& column : columns) paths.insert(column.path);
  return paths;
}

// The whole blocks that the file holds already. Their checksums are not known: reading gigabytes would delay the run,
// and nothing in it touches them.
std::vector<journal::Record> whole_blocks(const Datasets& datasets, std::size_t rows, hsize_t base) {
  std::vector<journal::Record> blocks(base / rows);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    blocks[i] = {i * rows, static_cast<std::uint32_t>(rows), std::vector<journal::ChunkPlace>(datasets.size())};
  }
  for (std::size_t column = 0; column < datasets.size(); ++column) {
    std::size_t found = 0;
    for (const hdf5::ChunkPlace& chunk : datasets[column]->chunks()) {
      if (chunk.row >= base) continue;
      blocks[chunk.row / rows].chunks[column] = {chunk.address, chunk.size, 0, 0};
      ++found;
    }
    if (found == blocks.size()) continue;
    throw hdf5::Error("ERR_FORMAT", "'" + datasets[column]->path + "' lacks " + std::to_string(blocks.size() - found) +
                                        " of its " + std::to_string(blocks.size()) +
                                        " chunks; h5tracks check tells which");
  }
  return blocks;
}

hdf5::Error needs_recovery(const std::string& journal) {
  return hdf5::Error("ERR_NEEDS_RECOVERY", "a writer died and left its journal, '" + journal +
                                               "': recover() or h5tracks recover puts its frames into the file; "
                                               "discardJournal: true gives them up");
}

}  // namespace

Run::Run(std::shared_ptr<hdf5::File> file, const RunOptions& options, const BlockLayout& layout,
         const Datasets& datasets, hsize_t base, std::size_t tail, std::size_t blocks)
    : file_(std::move(file)),
      layout_(layout),
      durability_(options.durability),
      marked_(options.marked),
      columns_(describe(layout)) {
  // A new file is what a file without rows is, once marked. To one that holds rows nothing is done before the journal
  // can put it right.
  if (options.new_file) mark_open();
  if (durability_ != Durability::kNone) make_journal(options, datasets, base, blocks);
  make_blocks(datasets, base, tail, blocks);
  if (journal_) on_journal(file_->path, journal_->path, [&] { journal_->begin(); });
  try {
    if (!options.new_file) mark_open();
    if (journal_) introduce_journal();
  } catch (...) {
    // No row was accepted, but a file that held some may be half marked: that is for recovery.
    if (journal_ && options.new_file) journal_->remove();
    throw;
  }
}

// The file and the journal learn of each other.
void Run::introduce_journal() {
  journal_->set_mark(marked_address(*file_, run_id_));
  if (!outlasts_power()) return;
  file_->sync();
  on_journal(file_->path, journal_->path, [&] { journal_->sync_with_name(); });
}

void Run::make_journal(const RunOptions& options, const Datasets& datasets, hsize_t base, std::size_t blocks) {
  journal::Plan plan;
  plan.file = real_path(file_->path);
  plan.run_id = run_id_;
  struct stat status {};
  if (::stat(plan.file.c_str(), &status) != 0) throw hdf5::system_error(errno, "stat", plan.file);
  plan.device = status.st_dev;
  plan.inode = status.st_ino;
  plan.rows = layout_.rows;
  plan.slots = blocks;
  plan.slot_bytes = layout_.bytes;
  plan.columns = columns_;
  plan.marked = marked_;
  {
    const hdf5::Lock lock;
    file_->flush_locked();
    plan.skeleton = options.new_file ? file_->image_locked() : file_->skeleton_locked(paths_of(columns_), plan.lost);
    if (base > 0) plan.before = whole_blocks(datasets, layout_.rows, base);
  }
  const std::string path = journal::path_beside(plan.file);
  on_journal(file_->path, path, [&] {
    if (options.discard_journal) journal::discard(path);
    try {
      journal_ = std::make_shared<journal::Journal>(plan);
    } catch (const journal::SystemError& error) {
      if (error.number == EEXIST) throw needs_recovery(path);
      throw;
    }
  });
}

void Run::make_blocks(const Datasets& datasets, hsize_t base, std::size_t tail, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!journal_) {
      blocks_.push_back(std::make_shared<Block>(layout_));
      continue;
    }
    std::shared_ptr<unsigned char> slot(journal_, journal_->slot(i));
    blocks_.push_back(std::make_shared<Block>(layout_, std::move(slot)));
    blocks_.back()->refill();
  }
  if (tail == 0) return;
  Block& first = *blocks_.front();
  for (std::size_t i = 0; i < datasets.size(); ++i) {
    hdf5::Shape start, extent = *datasets[i]->info().shape;
    start.resize(extent.size());
    start[0] = base;
    extent[0] = tail;
    datasets[i]->read(layout_.columns[i].type, start, extent, first.data() + layout_.offsets[i]);
  }
  first.set_base(base);
  first.count(static_cast<std::int32_t>(tail));
}

void Run::mark_open() {
  if (!marked_.empty()) stream::mark_open(*file_, marked_, run_id_);
}

void Run::mark_closed() {
  if (journal_) journal_->set_closing();
  if (!marked_.empty()) stream::mark_closed(*file_, marked_);
}

void Run::tell(hsize_t base, std::size_t rows, std::vector<journal::ChunkPlace> places) {
  if (!journal_) return;
  if (outlasts_power()) file_->sync();
  on_journal(file_->path, journal_->path, [&] {
    journal_->append({base, static_cast<std::uint32_t>(rows), std::move(places)});
    if (outlasts_power()) journal_->sync();
  });
}

void Run::sync_rows(std::size_t block, hsize_t base, std::size_t rows) {
  const std::uint32_t crc = journal::values_crc(blocks_[block]->data(), columns_, rows);
  on_journal(file_->path, journal_->path, [&] {
    journal_->note_durable(block, base, static_cast<std::uint32_t>(rows), crc);
    journal_->sync();
  });
}

void Run::end_well() {
  if (!journal_) return;
  if (outlasts_power()) file_->sync();
  on_journal(file_->path, journal_->path, [&] { journal_->remove(); });
}

void Run::end() {
  if (journal_) journal_->release();
}

}  // namespace h5tracks::stream
