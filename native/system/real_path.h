// The file that a path means.
#pragma once

#include <string>

namespace h5tracks::system {

// Symbolic links are followed, also where the file is missing and only its directory exists. Throws the errno.
std::string real_path(const std::string& path);

}  // namespace h5tracks::system
