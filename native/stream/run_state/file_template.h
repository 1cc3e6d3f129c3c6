// The contents of a new file as an earlier run of this process made them. Most runs make files that differ only in
// their run id, and writing these bytes takes a tenth of the time in which HDF5 makes the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace h5tracks::stream {

struct FileTemplate {
  // The file without rows: with the run id of the run that made it, or without the marks of a run.
  std::vector<unsigned char> image;
  // Where the run id is, if there is one.
  std::uint64_t mark = 0;

  std::vector<unsigned char> with(const std::string& run_id) const;
};

// The functions are thread-safe. `key` stands for everything that the contents depend on.
void keep_template(const std::string& key, FileTemplate made);
// Null: there is none, or it was given up for newer ones.
std::shared_ptr<const FileTemplate> template_for(const std::string& key);

}  // namespace h5tracks::stream
