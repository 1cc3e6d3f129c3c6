#include "stream/run_state/abandoned_replacement.h"

#include <cerrno>

#include "journal/journal.h"
#include "stream/run_state/journal_errors.h"
#include "stream/run_state/refusals.h"
#include "system/file_lock.h"
#include "system/replacement.h"

namespace h5tracks::stream {

bool has_abandoned_replacement(const std::string& path) {
  try {
    const auto journal = journal::Reader::open(journal::path_beside(path), journal::Reader::Access::kRead);
    return journal && is_abandoned_replacement(*journal, path);
  } catch (const journal::Damaged&) {
    // A damaged journal does not say whose it is.
    return false;
  }
}

// Only the inode is compared: a reboot may change device numbers, and both files are in one directory.
bool is_abandoned_replacement(const journal::Reader& journal, const std::string& path) {
  const auto status = system::link_status_at(system::replacement_beside(path));
  return status && status->inode == journal.header().inode && !journal.has_committed_rows();
}

void remove_abandoned_replacement(const std::string& path) {
  const std::string temporary = system::replacement_beside(path);
  try {
    const system::FileLock file(temporary, system::Access::kRead);
    if (file.is_written_here()) throw in_use(path);
    on_journal(path, journal::path_beside(path), [&] {
      if (!journal::is_named(file.number(), temporary)) return;
      // The journal first, because it is recognised by this file.
      if (has_abandoned_replacement(path)) journal::discard(journal::path_beside(path));
      journal::remove_if_exists(temporary);
    });
  } catch (Error& error) {
    if (error.error_number == ENOENT) return;
    if (error.code == "ERR_LOCKED") throw in_use(path);
    error.path = path;
    throw;
  }
}

}  // namespace h5tracks::stream
