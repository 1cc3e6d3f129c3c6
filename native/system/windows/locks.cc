// The locks of advisory_lock.h and byte_lock.h.
#include <windows.h>

#include <cerrno>

#include "system/advisory_lock.h"
#include "system/byte_lock.h"
#include "system/process/identity.h"
#include "system/windows/byte_range.h"
#include "system/windows/failure.h"

namespace h5tracks::system {

namespace {

OVERLAPPED at(std::uint64_t address) {
  OVERLAPPED place{};
  place.Offset = static_cast<DWORD>(address);
  place.OffsetHigh = static_cast<DWORD>(address >> 32);
  return place;
}

DWORD low(std::uint64_t bytes) { return static_cast<DWORD>(bytes); }
DWORD high(std::uint64_t bytes) { return static_cast<DWORD>(bytes >> 32); }

std::uint64_t own_byte() { return kHolders + static_cast<std::uint64_t>(process_id()); }

}  // namespace

int lock_range(FileNumber file, std::uint64_t from, std::uint64_t bytes, bool exclusive) {
  OVERLAPPED place = at(from);
  const DWORD flags = LOCKFILE_FAIL_IMMEDIATELY | (exclusive ? LOCKFILE_EXCLUSIVE_LOCK : 0);
  if (::LockFileEx(handle_of(file), flags, 0, low(bytes), high(bytes), &place)) return 0;
  const DWORD error = ::GetLastError();
  if (error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING) return EAGAIN;
  const int number = errno_of(error);
  return number == ENOSYS ? ENOLCK : number;
}

void unlock_range(FileNumber file, std::uint64_t from, std::uint64_t bytes) {
  OVERLAPPED place = at(from);
  ::UnlockFileEx(handle_of(file), 0, low(bytes), high(bytes), &place);
}

int lock_file(FileNumber file, bool exclusive) {
  const int refused = lock_range(file, kWholeFile, 1, exclusive);
  // Shared, because a process may have the file open several times. Only messages need it.
  if (refused == 0) lock_range(file, own_byte(), 1, false);
  return refused;
}

void unlock_file(FileNumber file, bool) {
  unlock_range(file, kWholeFile, 1);
  unlock_range(file, own_byte(), 1);
}

int hold(FileNumber file) {
  // held_elsewhere() in another process has the byte for a moment.
  constexpr int kRounds = 5;
  int refused = EAGAIN;
  for (int round = 0; refused == EAGAIN && round < kRounds; ++round) {
    if (round > 0) ::Sleep(2);
    refused = lock_range(file, kHeld, 1, true);
  }
  return refused;
}

Held held_elsewhere(FileNumber file) {
  const int refused = lock_range(file, kHeld, 1, false);
  if (refused == 0) unlock_range(file, kHeld, 1);
  return refused == 0 ? Held::kNo : refused == EAGAIN ? Held::kYes : Held::kUnknown;
}

}  // namespace h5tracks::system
