#include "system/lock_holder.h"

#include <windows.h>

#include "system/windows/byte_range.h"
#include "system/windows/path.h"

namespace h5tracks::system {

namespace {

constexpr std::size_t kMost = 8;

std::string program_of(DWORD pid) {
  const HANDLE process = ::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
  if (!process) return "of another user";
  wchar_t name[1024];
  DWORD size = sizeof name / sizeof *name;
  const bool known = ::QueryFullProcessImageNameW(process, 0, name, &size) != 0;
  ::CloseHandle(process);
  if (!known) return "unknown program";
  const std::string path = utf8({name, size});
  return path.substr(path.find_last_of('\\') + 1);
}

// Windows does not say who holds a lock, but a range of bytes in which somebody holds one cannot be locked: the
// holder's byte is found by halving.
void find(FileNumber file, std::uint64_t from, std::uint64_t bytes, std::vector<LockHolder>& found) {
  if (found.size() == kMost) return;
  if (lock_range(file, kHolders + from, bytes, true) == 0) {
    unlock_range(file, kHolders + from, bytes);
    return;
  }
  if (bytes > 1) {
    find(file, from, bytes / 2, found);
    find(file, from + bytes / 2, bytes / 2, found);
    return;
  }
  found.push_back({static_cast<std::int64_t>(from), program_of(static_cast<DWORD>(from))});
}

}  // namespace

std::vector<LockHolder> lock_holders(FileNumber file) {
  std::vector<LockHolder> found;
  find(file, 0, std::uint64_t{1} << 32, found);
  return found;
}

}  // namespace h5tracks::system
