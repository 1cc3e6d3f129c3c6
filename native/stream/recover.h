// Puts an HDF5 file together again from what a dead writer left: the journal, and the chunks in the old file that it
// tells of. The old file is only read, byte by byte and not by HDF5, until a complete new one takes its place.
#pragma once

#include <string>
#include <vector>

#include "hdf5/error.h"

namespace h5tracks::stream {

struct Recovery {
  bool rebuilt = false;  // false: there was no journal
  std::uint64_t rows = 0;
  std::vector<std::string> lost;  // objects and attributes that could not be carried over, and why
  std::string path;               // of the file, symbolic links followed
};

// ERR_LOCKED while the writer lives; ERR_JOURNAL where the journal is damaged or of another run; system errors.
// Whatever it throws, and wherever it is killed, it can be called again.
Recovery recover(const std::string& path);

enum class JournalState { kNone, kLeft, kInUse };

// Of the journal beside the file: none, or one that was never begun; one of a dead writer; one whose writer (or
// recovery) lives.
JournalState journal_beside(const std::string& path);

// The file that a path means: links are followed, also where the file is gone and only its directory is there.
std::string real_path(const std::string& path);

}  // namespace h5tracks::stream
