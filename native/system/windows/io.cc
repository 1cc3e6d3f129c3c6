#include "system/io.h"

#include <windows.h>

#include <winioctl.h>

#include <algorithm>

#include "system/windows/failure.h"
#include "system/windows/handle.h"
#include "system/zeros.h"

namespace h5tracks::system {

namespace {

constexpr std::size_t kLargestCall = std::size_t{1} << 30;

OVERLAPPED at(std::uint64_t address) {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(address);
  place.OffsetHigh = static_cast<DWORD>(address >> 32);
  return place;
}

DWORD part(std::size_t bytes) { return static_cast<DWORD>(std::min(bytes, kLargestCall)); }

}  // namespace

std::ptrdiff_t read_fully(FileNumber file, void* buffer, std::size_t size, std::uint64_t address) {
  std::size_t done = 0;
  while (done < size) {
    OVERLAPPED place = at(address + done);
    DWORD got = 0;
    if (!::ReadFile(handle_of(file), static_cast<char*>(buffer) + done, part(size - done), &got, &place)) {
      if (::GetLastError() == ERROR_HANDLE_EOF) break;
      failed();
      return -1;
    }
    if (got == 0) break;
    done += got;
  }
  return static_cast<std::ptrdiff_t>(done);
}

bool write_fully(FileNumber file, const void* bytes, std::size_t size, std::uint64_t address) {
  for (std::size_t done = 0; done < size;) {
    OVERLAPPED place = at(address + done);
    DWORD put = 0;
    if (!::WriteFile(handle_of(file), static_cast<const char*>(bytes) + done, part(size - done), &put, &place)) {
      return failed();
    }
    done += put;
  }
  return true;
}

bool sync_data(FileNumber file) { return ::FlushFileBuffers(handle_of(file)) || failed(); }

namespace {

enum class Allocated { kYes, kNo, kUnsupported };

Allocated allocate_to(FileNumber file, std::uint64_t end) {
  FILE_ALLOCATION_INFO info{};
  info.AllocationSize.QuadPart = static_cast<LONGLONG>(end);
  if (::SetFileInformationByHandle(handle_of(file), FileAllocationInfo, &info, sizeof info)) return Allocated::kYes;
  const DWORD error = ::GetLastError();
  if (error == ERROR_INVALID_PARAMETER || error == ERROR_NOT_SUPPORTED || error == ERROR_INVALID_FUNCTION ||
      error == ERROR_CALL_NOT_IMPLEMENTED || error == ERROR_INVALID_HANDLE) {
    return Allocated::kUnsupported;
  }
  failed();
  return Allocated::kNo;
}

// A file in a compressed directory is compressed, and then its space is not known before it is written.
void uncompress(HANDLE handle) {
  BY_HANDLE_FILE_INFORMATION info{};
  if (!::GetFileInformationByHandle(handle, &info) || !(info.dwFileAttributes & FILE_ATTRIBUTE_COMPRESSED)) return;
  USHORT none = COMPRESSION_FORMAT_NONE;
  DWORD got = 0;
  ::DeviceIoControl(handle, FSCTL_SET_COMPRESSION, &none, sizeof none, nullptr, 0, &got, nullptr);
}

}  // namespace

bool allocate(FileNumber file, std::uint64_t from, std::uint64_t end) {
  if (from == 0) uncompress(handle_of(file));
  const Allocated allocated = allocate_to(file, end);
  if (allocated == Allocated::kUnsupported) return write_zeros(file, from, end);
  // NTFS gives a file that is not sparse the space up to its end. What was not written yet reads as zeros.
  return allocated == Allocated::kYes && truncate_file(file, end);
}

bool reserve_beyond(FileNumber file, std::uint64_t, std::uint64_t end) {
  return allocate_to(file, end) != Allocated::kNo;
}

// Windows has no such limit.
bool exceeds_size_limit(std::uint64_t) { return false; }

}  // namespace h5tracks::system
