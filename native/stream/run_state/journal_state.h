// The state of the journal beside a file: whether the run that made it lives or died.
#pragma once

#include <string>

namespace h5tracks::stream {

enum class JournalState { kNone, kLeft, kInUse };

// Of the journal beside the file: none, or one that holds no run; one of a dead writer; one whose writer (or recovery)
// lives.
JournalState journal_state_of(const std::string& path);

// Throws ERR_NEEDS_RECOVERY or ERR_LOCKED for the last two.
void refuse_journal(const std::string& path);

}  // namespace h5tracks::stream
