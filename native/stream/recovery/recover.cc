#include "stream/recovery/recover.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "journal/journal.h"
#include "journal/reader.h"
#include "stream/recovery/rebuild.h"
#include "stream/run_state/abandoned_replacement.h"
#include "stream/run_state/journal_errors.h"
#include "stream/run_state/journal_state.h"
#include "stream/run_state/refusals.h"
#include "system/byte_lock.h"
#include "system/file_lock.h"
#include "system/process/identity.h"
#include "system/real_path.h"
#include "system/rights.h"

namespace h5tracks::stream {

namespace {

using journal::Reader;
using journal::RunMark;

Error damaged(const std::string& journal, const std::string& what) {
  return Error("ERR_JOURNAL", "the journal '" + journal + "' cannot be applied: " + what);
}

template <typename Action>
auto reading(const std::string& file, const std::string& journal, Action action) -> decltype(action()) {
  try {
    return on_journal(file, journal, action);
  } catch (const journal::Damaged& error) {
    throw damaged(journal, error.what());
  }
}

// Locked against writers; other readers do no harm. Null: the file is gone.
std::unique_ptr<system::FileLock> open_old(const std::string& path) {
  try {
    return std::make_unique<system::FileLock>(path, system::Access::kRead);
  } catch (const Error& error) {
    if (error.error_number == ENOENT) return nullptr;
    throw;
  }
}

bool has_mark(const system::FileLock& file, const std::optional<RunMark>& mark) {
  char digits[journal::kRunIdBytes];
  return mark && mark->address < file.size() && file.read_at(mark->address, digits, sizeof digits) == sizeof digits &&
         std::memcmp(digits, mark->run_id, sizeof digits) == 0;
}

class Recoverer {
 public:
  // `old`: null if the file is gone.
  Recoverer(const std::string& path, Reader& journal, std::unique_ptr<system::FileLock> old)
      : path_(path),
        temporary_(path + ".recovering"),
        journal_(journal),
        old_(std::move(old)),
        status_(journal::status_of(original())) {
    const auto rights = system::rights_of(original());
    if (!rights) journal::throw_errno("fstat", path);
    rights_ = *rights;
  }

  Recovery run() {
    Recovery recovery;
    recovery.rebuilt = true;
    recovery.path = path_;
    recovery.lost = journal_.lost();
    if (!is_recovered()) {
      check_identity();
      rebuild(recovery.lost);
    }
    journal_.unmap();
    if (!system::remove_file(journal_.path())) journal::throw_errno("unlink");
    journal::sync_directory_of(path_);
    return recovery;
  }

 private:
  // Whether an earlier recovery was stopped after it renamed the new file.
  bool is_recovered() const {
    const auto successor = journal_.successor();
    if (!old_ || !successor || has_mark(*old_, journal_.mark())) return false;
    const auto found = journal::fingerprint(old_->number());
    return found.file_bytes == successor->file_bytes && found.head_crc == successor->head_crc;
  }

  void check_identity() const {
    if (!old_) {
      if (!journal_.mark()) return;
      throw journal::Damaged("the file is gone; if it was moved, move the journal to it");
    }
    if (has_mark(*old_, journal_.mark())) return;
    // The writer may have died before the file had its mark, or after the mark was removed.
    const bool unmarked = !journal_.mark() || journal_.state() == journal::State::kClosing;
    const auto& header = journal_.header();
    // A reboot may change device numbers.
    const bool same_device = header.device == status_.device || !is_same_boot();
    if (unmarked && same_device && header.inode == status_.inode) return;
    throw journal::Damaged("the file is not the one that the journal was written for");
  }

  void rebuild(std::vector<std::string>& lost) {
    // Removes the remains of a recovery that was killed; they may take the space that is missing now.
    journal::remove_if_exists(temporary_);
    check_room();
    Rebuild file(temporary_, journal_, lost);
    take_all(file, lost);
    // Before the rename: if recovery is killed after it, the next recovery recognises the new file by this.
    journal_.set_successor(file.finish());
    journal::sync(journal_.file());
    take_owner_and_mode();
    if (!system::rename_file(temporary_, path_, [this] { old_.reset(); })) journal::throw_errno("rename", temporary_);
    file.keep();
    journal::sync_directory_of(path_);
  }

  void take_all(Rebuild& file, std::vector<std::string>& lost) const {
    take_records(file);
    for (std::size_t i = 0; i < journal_.streams().size(); ++i) take_open_rows(i, file, lost);
  }

  // Takes the committed blocks of all streams. A stream ends with the first record that cannot be taken.
  void take_records(Rebuild& file) const {
    std::vector<bool> ended(journal_.streams().size());
    for (std::uint64_t i = 0; std::find(ended.begin(), ended.end(), false) != ended.end(); ++i) {
      const auto record = journal_.record(i);
      if (!record) return;
      if (ended[record->stream]) continue;
      if (record->base != file.rows(record->stream)) {
        ended[record->stream] = true;
        continue;
      }
      if (old_ && file.take_chunks(*old_, *record)) continue;
      // After a loss of power, chunks that were not synced may be missing. Otherwise they must be there.
      if (is_same_boot()) {
        throw journal::Damaged("the chunks of rows " + rows(record->base, record->base + record->rows) +
                               of_stream(record->stream) + " are not in the file any more");
      }
      ended[record->stream] = true;
    }
  }

  void take_open_rows(std::size_t index, Rebuild& file, std::vector<std::string>& lost) const {
    const journal::StreamReader& stream = journal_.streams()[index];
    const std::uint64_t taken = file.rows(index), committed = stream.committed_rows();
    const bool same_boot = is_same_boot();
    if (same_boot && taken < committed) throw journal::Damaged("one of its records is damaged");
    const auto open = stream.open_blocks(taken);
    if (same_boot) {
      for (const auto& block : open) file.take_rows(index, stream.slot(block.index), block.base, block.rows);
      return;
    }
    if (const auto block = stream.durable_rows(taken)) {
      file.take_rows(index, stream.slot(block->index), block->base, block->rows);
    }
    const std::uint64_t accepted = std::max(committed, open.empty() ? 0 : open.back().base + open.back().rows);
    if (accepted <= file.rows(index)) return;
    lost.push_back(
        "rows " + rows(file.rows(index), accepted) + of_stream(index) +
        ": accepted before the machine was started anew (or on another one), but not known to have been on the "
        "disk then");
    file.add_loss(lost.back());
  }

  // Names a stream among several, by one of its datasets.
  std::string of_stream(std::size_t index) const {
    const auto& streams = journal_.streams();
    return streams.size() == 1 ? "" : " of '" + streams[index].columns().front().path + "'";
  }

  // Checks for the space that the new file may need beside the old one.
  void check_room() const {
    const auto free = system::free_space_beside(path_);
    if (!free) return;
    std::uint64_t needed = (old_ ? status_.bytes : 0) + journal_.header().skeleton_bytes;
    for (const journal::StreamReader& stream : journal_.streams()) {
      needed += stream.open_blocks(stream.committed_rows()).size() * stream.slot_bytes();
    }
    if (*free >= needed) return;
    Error error = system_error(ENOSPC, "recover", path_);
    error.during("the recovered file is made beside the old one and may need " + std::to_string(needed) + " bytes; " +
                 std::to_string(*free) + " are free; nothing was changed: free space, then recover again");
    throw error;
  }

  void take_owner_and_mode() const {
    const system::Descriptor file(system::open_file(temporary_, system::OpenMode::kReadWrite));
    if (!file) journal::throw_errno("open", temporary_);
    if (!system::give_rights(file.get(), rights_)) journal::throw_errno("chmod", temporary_);
  }

  system::FileNumber original() const { return old_ ? old_->number() : journal_.file(); }

  bool is_same_boot() const { return system::boot_id() == journal_.boot_id(); }

  static std::string rows(std::uint64_t first, std::uint64_t end) {
    return std::to_string(first) + " to " + std::to_string(end - 1);
  }

  const std::string path_, temporary_;
  Reader& journal_;
  std::unique_ptr<system::FileLock> old_;
  const system::FileStatus status_;
  system::Rights rights_;
};

}  // namespace

Recovery recover(const std::string& given) {
  const std::string path = system::real_path(given);
  const std::string beside = journal::path_beside(path);
  return reading(path, beside, [&] {
    remove_abandoned_replacement(path);
    for (;;) {
      auto journal = Reader::open(beside, Reader::Access::kReadWrite);
      if (!journal) {
        // A journal that holds no run is discarded.
        if (journal_state_of(path) == JournalState::kNone) journal::discard(beside);
        Recovery nothing;
        nothing.path = path;
        return nothing;
      }
      // open_old() throws an error that names the writer, if the system reports it.
      auto old = open_old(path);
      if ((old && old->is_written_here()) || system::hold(journal->file()) == EAGAIN) throw in_use(path);
      // Another recovery may just have finished, and another run begun.
      if (!journal::is_named(journal->file(), beside)) continue;
      return Recoverer(path, *journal, std::move(old)).run();
    }
  });
}

}  // namespace h5tracks::stream
