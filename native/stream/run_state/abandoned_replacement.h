// The files of a run that was to replace a file and ended before it took the name: no row was accepted, and the old
// file is unchanged.
#pragma once

#include <string>

#include "journal/reader.h"

namespace h5tracks::stream {

// The journal is of such a run, which may still live. `path`: real path of the old file.
bool is_abandoned_replacement(const journal::Reader& journal, const std::string& path);
// One that lies beside the file; false also where it is damaged.
bool has_abandoned_replacement(const std::string& path);
// Throws away what a dead one left; ERR_LOCKED while it lives.
void remove_abandoned_replacement(const std::string& path);

}  // namespace h5tracks::stream
