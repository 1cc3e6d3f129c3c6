// Files that this process could not remove because somebody has them mapped: they have another name until they can be
// removed.
#pragma once

#include <string>

namespace h5tracks::system {

void add_left_behind(std::wstring path);
// Tries to remove them all. Called when a mapping ends.
void remove_all_left_behind();

}  // namespace h5tracks::system
