// A run's marks in the file that it writes, two attributes of one object. "run_id" exists only during the run, so that
// equal runs make equal files; "closed_cleanly" stays. A file with closed_cleanly FALSE and no journal may have lost
// frames.
#pragma once

#include <cstdint>
#include <string>

#include "hdf5/file/file.h"

namespace h5tracks::stream {

// Stored instead of a run id if the run has no journal, so that none is reported missing.
constexpr char kNoJournal[] = "none";

// Sets "run_id", sets "closed_cleanly" to FALSE, and flushes the file to the operating system.
void mark_open(hdf5::File& file, const std::string& object, const std::string& run_id);
// The address of the run id in the file, after mark_open().
std::uint64_t marked_address(hdf5::File& file, const std::string& run_id);
// Removes "run_id" and sets "closed_cleanly" to TRUE. `truncated`: how many boxes of the file lost their fraction;
// stored in "boxes_truncated" unless it is 0.
void mark_closed(hdf5::File& file, const std::string& object, std::uint64_t truncated);

// Appends a line to "losses", which has one for each time that frames were lost.
void add_loss(hdf5::File& file, const std::string& object, const std::string& text);

}  // namespace h5tracks::stream
