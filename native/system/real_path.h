// Resolves the symbolic links of a path. Knows the C library only.
#pragma once

#include <string>

namespace h5tracks::system {

// Also works for a file that does not exist, if its directory does. Throws the errno.
std::string real_path(const std::string& path);

}  // namespace h5tracks::system
