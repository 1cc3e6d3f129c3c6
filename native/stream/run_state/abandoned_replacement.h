// The files of a run that was to replace a file but ended before it took the name. No row was accepted, and the old
// file is unchanged.
#pragma once

#include <string>

#include "journal/reader.h"

namespace h5tracks::stream {

// Whether the journal belongs to such a run, which may still live. `path`: real path of the old file.
bool is_abandoned_replacement(const journal::Reader& journal, const std::string& path);
// Whether the journal beside the file belongs to such a run; false if it is damaged.
bool has_abandoned_replacement(const std::string& path);
// Removes the files of such a run if it is dead; throws ERR_LOCKED while it lives.
void remove_abandoned_replacement(const std::string& path);

}  // namespace h5tracks::stream
