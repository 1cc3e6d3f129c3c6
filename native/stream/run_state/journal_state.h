// The state of the journal beside a file: whether the run that made it lives or died.
#pragma once

#include <string>

namespace h5tracks::stream {

enum class JournalState { kNone, kLeft, kInUse };

// The journal beside the file is missing or holds no run; or its writer is dead; or its writer, or a recovery, lives.
JournalState journal_state_of(const std::string& path);

// Throws ERR_NEEDS_RECOVERY or ERR_LOCKED in the last two states.
void refuse_journal(const std::string& path);

}  // namespace h5tracks::stream
