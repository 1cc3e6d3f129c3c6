// What lies beside a file: the journal of a run that lives, or died, and what that means for who wants the file.
#pragma once

#include <string>

#include "hdf5/core/error_stack.h"

namespace h5tracks::stream {

enum class JournalState { kNone, kLeft, kInUse };

// Of the journal beside the file: none, or one that holds no run; one of a dead writer; one whose writer (or recovery)
// lives.
JournalState journal_beside(const std::string& path);

// What those are told who must not touch a file for what lies beside it.
hdf5::Error needs_recovery(const std::string& path);
hdf5::Error in_use(const std::string& path);
// Throws one of these where there is reason to.
void refuse_journal(const std::string& path);

// The file that a path means: links are followed, also where the file is gone and only its directory is there.
std::string real_path(const std::string& path);

}  // namespace h5tracks::stream
