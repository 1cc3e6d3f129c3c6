// Rebuilds an HDF5 file from what a dead writer left: the journal, and the chunks in the old file that it records. The
// old file is only read, byte by byte and without HDF5, until a complete new file takes its place.
#pragma once

#include <string>
#include <vector>

#include "system/error.h"

namespace h5tracks::stream {

struct Recovery {
  bool rebuilt = false;           // false: there was no journal
  std::vector<std::string> lost;  // what could not be carried over, and why
  std::string path;               // of the file, symbolic links followed
};

// ERR_LOCKED while the writer, or another recovery, lives; ERR_JOURNAL where the journal is damaged or of another run;
// system errors. Whatever it throws, and wherever it is killed, it can be called again.
Recovery recover(const std::string& path);

}  // namespace h5tracks::stream
