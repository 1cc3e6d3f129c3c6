#include "system/file.h"

#include <windows.h>

#include <cerrno>

#include "system/windows/failure.h"
#include "system/windows/handle.h"
#include "system/windows/path.h"

namespace h5tracks::system {

namespace {

DWORD disposition_of(OpenMode mode) {
  if (mode == OpenMode::kCreate) return CREATE_NEW;
  return mode == OpenMode::kReadWriteOrCreate ? OPEN_ALWAYS : OPEN_EXISTING;
}

bool is_link(HANDLE handle) {
  FILE_ATTRIBUTE_TAG_INFO info{};
  return ::GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &info, sizeof info) &&
         info.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT && info.ReparseTag == IO_REPARSE_TAG_SYMLINK;
}

std::optional<FileStatus> status_by_name(const std::string& path, DWORD flags) {
  HANDLE handle = INVALID_HANDLE_VALUE;
  const std::wstring name = wide_path(path);
  const bool opened = patiently([&] {
    handle = ::CreateFileW(name.c_str(), FILE_READ_ATTRIBUTES, kShareAll, nullptr, OPEN_EXISTING,
                           FILE_FLAG_BACKUP_SEMANTICS | flags, nullptr);
    return handle != INVALID_HANDLE_VALUE;
  });
  if (!opened) return std::nullopt;
  return status_of(Descriptor(number_of(handle)).get());
}

}  // namespace

FileNumber open_file(const std::string& path, OpenMode mode, OpenHow how) {
  // A new file gets the access control list of its directory; share_as() gives it another one.
  const DWORD access = mode == OpenMode::kRead ? GENERIC_READ : GENERIC_READ | GENERIC_WRITE;
  const DWORD flags = FILE_ATTRIBUTE_NORMAL | (how.follows_links ? 0 : FILE_FLAG_OPEN_REPARSE_POINT);
  const std::wstring name = wide_path(path);
  HANDLE handle = INVALID_HANDLE_VALUE;
  const bool opened = patiently([&] {
    handle = ::CreateFileW(name.c_str(), access, kShareAll, nullptr, disposition_of(mode), flags, nullptr);
    return handle != INVALID_HANDLE_VALUE;
  });
  if (!opened) {
    const DWORD attributes = errno == EACCES ? ::GetFileAttributesW(name.c_str()) : INVALID_FILE_ATTRIBUTES;
    if (attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY) errno = EISDIR;
    return kNoFile;
  }
  if (how.follows_links || !is_link(handle)) return number_of(handle);
  ::CloseHandle(handle);
  errno = ELOOP;
  return kNoFile;
}

FileNumber duplicate(FileNumber file) {
  HANDLE copy = INVALID_HANDLE_VALUE;
  const HANDLE process = ::GetCurrentProcess();
  if (::DuplicateHandle(process, handle_of(file), process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
    return number_of(copy);
  }
  failed();
  return kNoFile;
}

bool close_file(FileNumber file) { return ::CloseHandle(handle_of(file)) || failed(); }

std::optional<FileStatus> status_of(FileNumber file) {
  if (::GetFileType(handle_of(file)) != FILE_TYPE_DISK) return FileStatus{};
  BY_HANDLE_FILE_INFORMATION info{};
  if (!::GetFileInformationByHandle(handle_of(file), &info)) {
    failed();
    return std::nullopt;
  }
  const auto joined = [](DWORD high, DWORD low) { return std::uint64_t{high} << 32 | low; };
  const bool directory = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  return FileStatus{info.dwVolumeSerialNumber, joined(info.nFileIndexHigh, info.nFileIndexLow),
                    joined(info.nFileSizeHigh, info.nFileSizeLow),
                    directory ? FileKind::kDirectory : FileKind::kRegular};
}

std::optional<FileStatus> status_at(const std::string& path) { return status_by_name(path, 0); }

std::optional<FileStatus> link_status_at(const std::string& path) {
  return status_by_name(path, FILE_FLAG_OPEN_REPARSE_POINT);
}

bool truncate_file(FileNumber file, std::uint64_t bytes) {
  FILE_END_OF_FILE_INFO info{};
  info.EndOfFile.QuadPart = static_cast<LONGLONG>(bytes);
  return ::SetFileInformationByHandle(handle_of(file), FileEndOfFileInfo, &info, sizeof info) || failed();
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

bool sync_directory_of(const std::string&) { return true; }

std::optional<std::uint64_t> free_space_beside(const std::string& path) {
  const std::string name = directory_of(path);
  ULARGE_INTEGER free{};
  if (::GetDiskFreeSpaceExW(wide_path(name.empty() ? "." : name).c_str(), &free, nullptr, nullptr)) {
    return free.QuadPart;
  }
  failed();
  return std::nullopt;
}

}  // namespace h5tracks::system
