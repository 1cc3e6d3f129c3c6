#include "stream/blocks/run.h"

#include <algorithm>
#include <cerrno>

#include "hdf5/core/lock.h"
#include "hdf5/object/skeleton.h"
#include "journal/reader.h"
#include "stream/run_state/abandoned_replacement.h"
#include "stream/run_state/journal_errors.h"
#include "stream/run_state/refusals.h"
#include "stream/run_state/run_marks.h"
#include "stream/threads/threads.h"
#include "system/real_path.h"

namespace h5tracks::stream {

namespace {

hdf5::Emptied paths_of(const std::vector<RunStream>& streams) {
  hdf5::Emptied paths;
  for (const RunStream& stream : streams) {
    for (const journal::Column& column : stream.columns()) paths.emplace(column.path, 0);
  }
  return paths;
}

void keep_as_template(const std::vector<unsigned char>& image, const std::string& run_id, const std::string& key) {
  if (key.empty()) return;
  const auto find = [&](auto from) { return std::search(from, image.end(), run_id.begin(), run_id.end()); };
  const auto mark = find(image.begin());
  if (mark == image.end() || find(mark + 1) != image.end()) return;
  keep_template(key, {image, static_cast<std::uint64_t>(mark - image.begin())});
}

// Moved all the way, so that the last reference is the task's.
void release_later(std::shared_ptr<const void> file) {
  std::vector<Task> tasks;
  tasks.emplace_back([file = std::move(file)]() mutable { file.reset(); });
  EncodePool::instance().post(std::make_shared<EncodePool::Lane>(1), std::move(tasks));
}

}  // namespace

Run::Run(std::shared_ptr<hdf5::File> file, const RunOptions& options, std::vector<RunStream> streams)
    : file_(std::move(file)),
      durability_(options.durability),
      marked_(options.marked),
      careful_(durability_ == Durability::kPower || (durability_ == Durability::kProcess && !options.new_file)),
      streams_(std::move(streams)) {
  // A new file is marked before its image becomes the skeleton. A file with rows is not changed before the journal can
  // repair it.
  if (options.new_file && !options.contents) mark_open();
  make_journal(options);
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    on_journal(file_->path, journal_ ? journal_->path : file_->path, [&] { streams_[i].make_blocks(journal_, i); });
  }
  try {
    if (journal_) begin_journal();
    if (!options.new_file) mark_open();
    if (journal_) introduce_journal(options);
    // Last, so that any earlier failure leaves the file that this one replaces.
    auto old = file_->take_name();
    name_synced_ = !old;
    if (old) release_later(std::move(old));
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

void Run::begin_journal() {
  on_journal(file_->path, journal_->path, [&] {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      const std::size_t tail = streams_[i].tail();
      if (tail == 0) continue;
      journal_->note_durable(i, 0, streams_[i].base(), static_cast<std::uint32_t>(tail),
                             streams_[i].values_crc(0, tail));
    }
    // The header must not be durable before the rest of the journal is.
    if (careful_) journal_->sync();
    journal_->begin();
    if (careful_) journal_->sync_with_name();
  });
}

// Notes in the journal where the file contains the run id. The mark must be in the file first: recovery refuses a file
// without the mark that the journal describes.
void Run::introduce_journal(const RunOptions& options) {
  if (!options.contents) mark_address_ = marked_address(*file_, run_id_);
  if (careful_) file_->sync();
  journal_->set_mark(mark_address_);
  if (careful_) on_journal(file_->path, journal_->path, [&] { journal_->sync(); });
}

void Run::make_journal(const RunOptions& options) {
  journal::Plan plan;
  // Without a journal too: a file that lacks chunks is refused.
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    plan.streams.push_back(streams_[i].planned(static_cast<std::uint32_t>(i), !options.new_file));
    plan.skips = plan.skips || streams_[i].has_filters();
  }
  if (durability_ == Durability::kNone) return;
  plan.file = system::real_path(file_->path);
  plan.run_id = run_id_;
  file_->describe(plan.device, plan.inode, plan.rights);
  plan.marked = marked_;
  plan.skeleton = skeleton(options, plan.lost);
  if (options.new_file && !options.contents) keep_as_template(plan.skeleton, run_id_, options.template_key);
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

// The file without rows. A file that HDF5 has not made gets its contents now.
std::vector<unsigned char> Run::skeleton(const RunOptions& options, std::vector<std::string>& lost) {
  if (options.contents) {
    auto image = options.contents->with(run_id_);
    mark_address_ = options.contents->mark;
    file_->fill(image);
    return image;
  }
  const hdf5::Lock lock;
  if (options.new_file) return file_->image_locked();
  file_->flush_locked();
  return hdf5::skeleton(file_->id(), paths_of(streams_), lost);
}

void Run::prepare(std::size_t stream) {
  on_journal(file_->path, journal_ ? journal_->path : file_->path, [&] { streams_[stream].prepare(); });
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
  std::uint64_t tally = 0;
  for (const RunStream& stream : streams_) tally = std::max(tally, stream.tally());
  stream::mark_closed(*file_, marked_, tally);
}

void Run::tell(std::size_t index, hsize_t base, std::size_t rows, std::vector<journal::ChunkPlace> places) {
  if (!journal_) return;
  // The first block of a resumed stream contains rows of the old partial chunk. They were durable before, and its slot
  // is about to be reused.
  const RunStream& stream = streams_[index];
  const bool now = outlasts_power() || (careful_ && base == stream.base() && stream.tail() > 0);
  if (now) {
    file_->sync();
    sync_name();
  }
  on_journal(file_->path, journal_->path, [&] {
    journal_->append({base, static_cast<std::uint32_t>(rows), std::move(places), static_cast<std::uint32_t>(index)});
    if (now) journal_->sync();
  });
}

void Run::sync_rows(const std::vector<OpenRows>& blocks) {
  sync_name();
  on_journal(file_->path, journal_->path, [&] {
    for (const OpenRows& open : blocks) {
      journal_->note_durable(open.stream, open.block, open.base, static_cast<std::uint32_t>(open.rows),
                             streams_[open.stream].values_crc(open.block, open.rows));
    }
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
