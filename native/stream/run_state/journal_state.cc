#include "stream/run_state/journal_state.h"

#include <cerrno>

#include "journal/journal.h"
#include "journal/reader.h"
#include "stream/run_state/abandoned_replacement.h"
#include "stream/run_state/journal_errors.h"
#include "stream/run_state/refusals.h"
#include "system/byte_lock.h"
#include "system/real_path.h"

namespace h5tracks::stream {

JournalState journal_state_of(const std::string& path) {
  std::string real, beside;
  try {
    real = system::real_path(path);
    beside = journal::path_beside(real);
  } catch (const Error&) {
    // There cannot be a journal at an invalid path. Opening the file itself reports the error.
    return JournalState::kNone;
  }
  return on_journal(path, beside, [&] {
    const system::Descriptor found(system::open_file(beside, system::OpenMode::kRead));
    if (!found && (errno == ENOENT || errno == ENAMETOOLONG)) return JournalState::kNone;
    if (!found) journal::throw_errno("open");
    if (system::held_elsewhere(found.get()) == system::Held::kYes) return JournalState::kInUse;
    if (!journal::holds_run(found.get()) || has_abandoned_replacement(real)) return JournalState::kNone;
    return JournalState::kLeft;
  });
}

void refuse_journal(const std::string& path) {
  const JournalState state = journal_state_of(path);
  if (state == JournalState::kLeft) throw needs_recovery(path);
  if (state == JournalState::kInUse) throw in_use(path);
}

}  // namespace h5tracks::stream
