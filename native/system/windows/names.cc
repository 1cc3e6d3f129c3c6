// The functions of file.h that change names.
#include <windows.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "system/file.h"
#include "system/process/identity.h"
#include "system/windows/failure.h"
#include "system/windows/handle.h"
#include "system/windows/left_behind.h"
#include "system/windows/path.h"

namespace h5tracks::system {

namespace {

// Since Windows 10 1607 and 1709; not in every header.
constexpr auto kDispositionInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);
constexpr auto kRenameInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);
constexpr DWORD kDelete = 1, kPosixDelete = 2, kDeleteReadOnly = 0x10;
constexpr DWORD kReplace = 1, kPosixReplace = 2, kReplaceReadOnly = 0x40;

// The file system, or Wine, has only the older call.
bool is_unknown(DWORD error) {
  return error == ERROR_INVALID_PARAMETER || error == ERROR_INVALID_FUNCTION || error == ERROR_NOT_SUPPORTED ||
         error == ERROR_CALL_NOT_IMPLEMENTED;
}

Descriptor open_to_rename(const std::wstring& name) {
  HANDLE handle = INVALID_HANDLE_VALUE;
  patiently([&] {
    handle = ::CreateFileW(name.c_str(), DELETE | FILE_READ_ATTRIBUTES | SYNCHRONIZE, kShareAll, nullptr, OPEN_EXISTING,
                           FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    return handle != INVALID_HANDLE_VALUE;
  });
  return Descriptor(number_of(handle));
}

// Leaves the last error of this thread.
bool remove_by_handle(HANDLE handle) {
  DWORD flags = kDelete | kPosixDelete | kDeleteReadOnly;
  if (::SetFileInformationByHandle(handle, kDispositionInfoEx, &flags, sizeof flags)) return true;
  if (!is_unknown(::GetLastError())) return false;
  FILE_DISPOSITION_INFO older{TRUE};
  return ::SetFileInformationByHandle(handle, FileDispositionInfo, &older, sizeof older);
}

// Leaves the last error of this thread.
bool rename_by_handle(HANDLE handle, const std::wstring& to, FILE_INFO_BY_HANDLE_CLASS kind, DWORD flags) {
  const std::size_t bytes = to.size() * sizeof(wchar_t);
  std::vector<unsigned char> memory(sizeof(FILE_RENAME_INFO) + bytes + sizeof(wchar_t));
  auto* info = reinterpret_cast<FILE_RENAME_INFO*>(memory.data());
  std::memcpy(info, &flags, sizeof flags);  // a union with ReplaceIfExists
  info->FileNameLength = static_cast<DWORD>(bytes);
  std::memcpy(info->FileName, to.data(), bytes);
  return ::SetFileInformationByHandle(handle, kind, info, static_cast<DWORD>(memory.size()));
}

// A mapped file cannot be removed, but it can be renamed: its name becomes free, and remove_left_behind() removes it.
bool move_away(HANDLE handle, const std::wstring& name) {
  unsigned char random[8];
  if (!random_bytes(random, sizeof random)) return false;
  std::wstring other = name + L".";
  for (const unsigned char byte : random) {
    other += L"0123456789abcdef"[byte >> 4];
    other += L"0123456789abcdef"[byte & 15];
  }
  other += L".removed";
  if (!rename_by_handle(handle, other, FileRenameInfo, 0)) return failed();
  add_left_behind(other);
  return true;
}

}  // namespace

bool remove_file(const std::string& path) {
  const std::wstring name = wide_path(path);
  const Descriptor file = open_to_rename(name);
  if (!file) return false;
  const HANDLE handle = handle_of(file.get());
  if (remove_by_handle(handle)) return true;
  const DWORD error = ::GetLastError();
  if (error == ERROR_USER_MAPPED_FILE || error == ERROR_ACCESS_DENIED) return move_away(handle, name);
  errno = errno_of(error);
  return false;
}

void remove_left_behind(FileNumber file) {
  const HANDLE handle = ::ReOpenFile(handle_of(file), DELETE | SYNCHRONIZE, kShareAll, FILE_FLAG_OPEN_REPARSE_POINT);
  if (handle == INVALID_HANDLE_VALUE) return;
  const Descriptor again(number_of(handle));
  // Wine opens what has the file's old name now.
  const auto wanted = status_of(file), found = status_of(again.get());
  if (wanted && found && found->is_same_file(*wanted)) remove_by_handle(handle);
}

bool rename_file(const std::string& from, const std::string& to, const std::function<void()>& let_go) {
  const std::wstring source = wide_path(from), target = wide_path(to);
  {
    const Descriptor file = open_to_rename(source);
    if (!file) return false;
    const HANDLE handle = handle_of(file.get());
    const bool renamed = patiently(
        [&] { return rename_by_handle(handle, target, kRenameInfoEx, kReplace | kPosixReplace | kReplaceReadOnly); });
    if (renamed) return true;
    const DWORD error = ::GetLastError();
    if (!is_unknown(error) && error != ERROR_ACCESS_DENIED) return false;
  }
  if (let_go) let_go();
  return patiently([&] { return ::MoveFileExW(source.c_str(), target.c_str(), MOVEFILE_REPLACE_EXISTING) != 0; }, true);
}

}  // namespace h5tracks::system
