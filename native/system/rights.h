// Who may use a file: owner, group and mode, or an access control list (Windows). A function that fails returns nothing
// or false, with errno set.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "system/file.h"

namespace h5tracks::system {

struct Rights {
  std::uint32_t owner = 0, group = 0, mode = 0;
  std::vector<unsigned char> access_list;  // Windows; empty: the one that the directory gives
};

std::optional<Rights> rights_of(FileNumber file);
// Only a privileged process can change the owner. If that fails, the mode is set all the same.
bool give_rights(FileNumber file, const Rights& rights);
// For a private file that holds another one's data: the same owner and rights, except to execute it. It stays private
// if the owner cannot be changed.
void share_as(FileNumber file, const Rights& rights);

}  // namespace h5tracks::system
