// Paths as Windows takes them: UTF-16, absolute, with the prefix that lifts the limit of 260 characters.
#pragma once

#include <string>

namespace h5tracks::system {

// Of a path in UTF-8; forward slashes, drive letters, UNC names and prefixed paths are understood. A path that is not
// UTF-8 or is too long gives an empty one, which no call accepts.
std::wstring wide_path(const std::string& path);
std::string utf8(const std::wstring& text);
// Without the prefix.
std::string plain_path(const std::wstring& path);

}  // namespace h5tracks::system
