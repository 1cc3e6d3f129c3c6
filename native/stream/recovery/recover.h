// Rebuilds an HDF5 file after its writer died, from the journal and from the chunks in the old file that the journal
// records. The old file is only read, without HDF5, until a complete new file takes its place.
#pragma once

#include <string>
#include <vector>

#include "system/error.h"

namespace h5tracks::stream {

struct Recovery {
  bool rebuilt = false;           // false: there was no journal
  std::vector<std::string> lost;  // what could not be carried over, and why
  std::string path;               // of the file, with symbolic links resolved
};

// Throws ERR_LOCKED while the writer or another recovery lives, ERR_JOURNAL if the journal is damaged or belongs to
// another run, and system errors. After any error, and after being killed at any point, it can be called again.
Recovery recover(const std::string& path);

}  // namespace h5tracks::stream
