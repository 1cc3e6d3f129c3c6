#include "stream/recover.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "hdf5/file.h"
#include "journal/holder.h"
#include "journal/journal.h"
#include "journal/reader.h"
#include "stream/rebuild.h"
#include "stream/run.h"

namespace h5tracks::stream {

namespace {

using journal::Descriptor;
using journal::Reader;
using journal::RunMark;

hdf5::Error damaged(const std::string& journal, const std::string& what) {
  return hdf5::Error("ERR_JOURNAL", "the journal '" + journal + "' cannot be applied: " + what);
}

template <typename Action>
auto reading(const std::string& file, const std::string& journal, Action action) -> decltype(action()) {
  try {
    return on_journal(file, journal, action);
  } catch (const journal::Damaged& error) {
    throw damaged(journal, error.what());
  }
}

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

void sync_directory(const std::string& path) {
  const Descriptor directory(::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) journal::throw_errno("fsync");
}

bool has_mark(int file, const std::optional<RunMark>& mark) {
  char digits[journal::kRunIdBytes];
  return mark && journal::read_fully(file, digits, sizeof digits, mark->address) &&
         std::memcmp(digits, mark->run_id, sizeof digits) == 0;
}

class Recoverer {
 public:
  Recoverer(const std::string& path, Reader& journal)
      : path_(path), journal_(journal), old_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (!old_ && errno != ENOENT) journal::throw_errno("open");
    if (::fstat(old_ ? old_.get() : journal.descriptor(), &status_) != 0) journal::throw_errno("fstat");
  }

  Recovery run() {
    Recovery recovery;
    recovery.rebuilt = true;
    recovery.path = path_;
    recovery.lost = journal_.lost();
    if (!is_recovered()) {
      check_identity();
      rebuild();
    }
    if (::unlink(journal_.path().c_str()) != 0) journal::throw_errno("unlink");
    sync_directory(path_);
    return recovery;
  }

 private:
  // An earlier recovery came as far as the rename.
  bool is_recovered() const {
    const auto successor = journal_.successor();
    if (!old_ || !successor || has_mark(old_.get(), journal_.mark())) return false;
    const auto found = journal::fingerprint(old_.get());
    return found.file_bytes == successor->file_bytes && found.head_crc == successor->head_crc;
  }

  void check_identity() const {
    if (!old_) {
      if (!journal_.mark()) return;
      throw journal::Damaged("the file is gone; if it was moved, move the journal to it");
    }
    if (has_mark(old_.get(), journal_.mark())) return;
    // The writer died before the file said whose it is, or when it no longer did.
    const bool unmarked = !journal_.mark() || journal_.state() == journal::State::kClosing;
    const auto& header = journal_.header();
    if (unmarked && header.device == status_.st_dev && header.inode == status_.st_ino) return;
    throw journal::Damaged("the file is not the one that the journal was written for");
  }

  void rebuild() {
    check_room();
    const std::string temporary = path_ + ".recovering";
    Rebuild file(temporary, journal_);
    take_all(file);
    // Before it gets its name: who is killed here and comes again knows it by this.
    journal_.set_successor(file.finish());
    if (::fdatasync(journal_.descriptor()) != 0) journal::throw_errno("fdatasync");
    take_owner_and_mode(temporary);
    if (::rename(temporary.c_str(), path_.c_str()) != 0) journal::throw_errno("rename");
    sync_directory(path_);
  }

  void take_all(Rebuild& file) const {
    const bool same_boot = journal::current_boot_id() == journal_.boot_id();
    for (std::uint64_t i = 0;; ++i) {
      const auto record = journal_.record(i);
      if (!record || record->base != file.rows()) break;
      if (file.take_chunks(old_.get(), *record)) continue;
      // After a loss of power what was not synced does not count. Otherwise it must be there.
      if (!same_boot) break;
      throw journal::Damaged("the chunks of rows " + std::to_string(record->base) + " to " +
                             std::to_string(record->base + record->rows - 1) + " are not in the file any more");
    }
    if (same_boot && file.rows() < journal_.committed_rows()) throw journal::Damaged("a record of it is damaged");
    if (same_boot) {
      for (const Reader::Slot& block : journal_.open_blocks(file.rows())) {
        file.take_rows(journal_.slot(block.index), block.base, block.rows);
      }
    } else if (const auto block = journal_.durable_rows(file.rows())) {
      file.take_rows(journal_.slot(block->index), block->base, block->rows);
    }
  }

  // What the new file may need at most, beside the old one.
  void check_room() const {
    struct statvfs room {};
    if (::statvfs(directory_of(path_).c_str(), &room) != 0) return;
    const auto& header = journal_.header();
    const std::uint64_t needed = (old_ ? static_cast<std::uint64_t>(status_.st_size) : 0) + header.skeleton_bytes +
                                 header.slots * header.slot_bytes;
    const std::uint64_t free = static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
    if (free >= needed) return;
    hdf5::Error error = hdf5::system_error(ENOSPC, "recover", path_);
    error.during("the recovered file is made beside the old one and may need " + std::to_string(needed) + " bytes; " +
                 std::to_string(free) + " are free");
    throw error;
  }

  void take_owner_and_mode(const std::string& file) const {
    // Only who may, can; the mode is then still right.
    const int given = ::chown(file.c_str(), status_.st_uid, status_.st_gid);
    (void)given;
    if (::chmod(file.c_str(), status_.st_mode & 07777) != 0) journal::throw_errno("chmod");
  }

  const std::string path_;
  Reader& journal_;
  const Descriptor old_;
  struct stat status_ {};
};

}  // namespace

std::string real_path(const std::string& path) {
  const auto resolved = [](const std::string& name) -> std::string {
    char* real = ::realpath(name.c_str(), nullptr);
    std::string result = real ? real : "";
    std::free(real);
    return result;
  };
  std::string whole = resolved(path);
  if (!whole.empty()) return whole;
  const std::size_t slash = path.rfind('/');
  const std::string directory = resolved(slash == std::string::npos ? "." : path.substr(0, slash + 1));
  if (directory.empty()) throw hdf5::system_error(errno, "realpath", path);
  return (directory == "/" ? "" : directory) + "/" + path.substr(slash + 1);
}

JournalState journal_beside(const std::string& path) {
  std::string beside;
  try {
    beside = journal::path_beside(real_path(path));
  } catch (const hdf5::Error&) {
    // Where nothing can be, nothing is. Whoever opens the file is told why.
    return JournalState::kNone;
  }
  return reading(path, beside, [&] {
    const Descriptor found(::open(beside.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!found && (errno == ENOENT || errno == ENAMETOOLONG)) return JournalState::kNone;
    if (!found) journal::throw_errno("open");
    if (journal::held_elsewhere(found.get()) == journal::Held::kYes) return JournalState::kInUse;
    return journal::is_begun(found.get()) ? JournalState::kLeft : JournalState::kNone;
  });
}

Recovery recover(const std::string& given) {
  const std::string path = real_path(given);
  const std::string beside = journal::path_beside(path);
  return reading(path, beside, [&] {
    auto journal = Reader::open(beside);
    if (!journal) {
      // What is left of a run that never began says nothing.
      if (journal_beside(path) == JournalState::kNone) journal::discard(beside);
      Recovery nothing;
      nothing.path = path;
      return nothing;
    }
    if (journal::hold(journal->descriptor()) == EAGAIN) {
      throw hdf5::Error("ERR_LOCKED", "'" + path + "' is being written, or recovered, by a process that lives");
    }
    return Recoverer(path, *journal).run();
  });
}

}  // namespace h5tracks::stream
