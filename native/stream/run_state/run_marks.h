// The marks of a run in the file that it writes: two attributes of one object. "run_id" exists only while the run
// lasts, so that equal runs make equal files; "closed_cleanly" stays. A file with closed_cleanly FALSE and no journal
// has lost frames, or may have.
#pragma once

#include <cstdint>
#include <string>

#include "hdf5/file/file.h"

namespace h5tracks::stream {

// In the place of a run id: the run has no journal, so that none can be missing.
constexpr char kNoJournal[] = "none";

// Sets "run_id", and "closed_cleanly" to FALSE, and hands the file to the operating system.
void mark_open(hdf5::File& file, const std::string& object, const std::string& run_id);
// Where the digits of the run id, just set, stand in the file.
std::uint64_t marked_address(hdf5::File& file, const std::string& run_id);
// Removes "run_id" and sets "closed_cleanly" to TRUE. `truncated`: boxes of the file that lost fractions; where there
// are any, "boxes_truncated" says how many.
void mark_closed(hdf5::File& file, const std::string& object, std::uint64_t truncated);

// "losses": one more line of text for each time that frames were lost.
void add_loss(hdf5::File& file, const std::string& object, const std::string& text);

}  // namespace h5tracks::stream
