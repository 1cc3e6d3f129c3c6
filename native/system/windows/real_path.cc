#include "system/real_path.h"

#include <windows.h>

#include <cerrno>

#include "system/error.h"
#include "system/windows/failure.h"
#include "system/windows/handle.h"
#include "system/windows/path.h"

namespace h5tracks::system {

namespace {

// Empty, with errno set: it cannot be opened.
std::string resolved(const std::string& name) {
  const HANDLE handle =
      ::CreateFileW(wide_path(name).c_str(), 0, kShareAll, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (handle == INVALID_HANDLE_VALUE) {
    failed();
    return "";
  }
  const Descriptor file(number_of(handle));
  std::wstring path(kLongestPath, L'\0');
  const DWORD size = ::GetFinalPathNameByHandleW(handle, path.data(), static_cast<DWORD>(path.size()), 0);
  // Some file systems cannot tell it, nor can Wine where it is long.
  if (size == 0 || size >= path.size()) return plain_path(wide_path(name));
  path.resize(size);
  return plain_path(path);
}

}  // namespace

std::string real_path(const std::string& path) {
  std::string whole = resolved(path);
  if (!whole.empty()) return whole;
  if (errno != ENOENT) throw system_error(errno, "realpath", path);
  const std::string given = directory_of(path);
  const std::string directory = resolved(given.empty() ? "." : given);
  if (directory.empty()) throw system_error(errno, "realpath", path);
  // A link whose target is missing: what it names cannot be told by its path.
  if (link_status_at(path)) throw system_error(ENOENT, "realpath", path);
  return directory + (directory.back() == '\\' ? "" : "\\") + path.substr(given.size());
}

}  // namespace h5tracks::system
