// What a file says about the run that writes it: two attributes, in the same object.
#pragma once

#include <cstdint>
#include <string>

#include "hdf5/file.h"

namespace h5tracks::stream {

// Sets "run_id" and "closed_cleanly" and hands the file to the operating system.
void mark_file(hdf5::File& file, const std::string& object, const std::string& run_id, bool closed_cleanly);
// Where the digits of the run id, just set, stand in the file.
std::uint64_t marked_address(hdf5::File& file, const std::string& run_id);
// "closed_cleanly" alone.
void mark_closed(hdf5::File& file, const std::string& object, bool closed_cleanly);

}  // namespace h5tracks::stream
