#include "system/process/confinement.h"

#include <windows.h>

#include <psapi.h>
#include <tlhelp32.h>

#include <cmath>

#include "system/process/threads.h"
#include "system/windows/failure.h"

namespace h5tracks::system {

namespace {

// The limits of this process, which lives in the job from now on.
struct Job {
  HANDLE handle = nullptr;
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
};

Job& job() {
  static auto* instance = new Job;
  return *instance;
}

const char* enter(Job& job) {
  if (job.handle) return nullptr;
  const HANDLE made = ::CreateJobObjectW(nullptr, nullptr);
  if (!made) {
    failed();
    return "CreateJobObject";
  }
  if (!::AssignProcessToJobObject(made, ::GetCurrentProcess())) {
    failed();
    ::CloseHandle(made);
    return "AssignProcessToJobObject";
  }
  job.handle = made;
  // A crash ends the process without a dialog that waits for somebody.
  ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
  return nullptr;
}

const char* apply(Job& job) {
  if (::SetInformationJobObject(job.handle, JobObjectExtendedLimitInformation, &job.limits, sizeof job.limits)) {
    return nullptr;
  }
  failed();
  return "SetInformationJobObject";
}

std::uint64_t committed() {
  PROCESS_MEMORY_COUNTERS counters{};
  return ::GetProcessMemoryInfo(::GetCurrentProcess(), &counters, sizeof counters) ? counters.PagefileUsage : 0;
}

// 0: not found.
DWORD parent_id() {
  const HANDLE snapshot = ::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (snapshot == INVALID_HANDLE_VALUE) return 0;
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof entry;
  DWORD parent = 0;
  for (BOOL more = ::Process32FirstW(snapshot, &entry); more; more = ::Process32NextW(snapshot, &entry)) {
    if (entry.th32ProcessID == ::GetCurrentProcessId()) parent = entry.th32ParentProcessID;
  }
  ::CloseHandle(snapshot);
  return parent;
}

void die_with(void* parent) {
  ::WaitForSingleObject(parent, INFINITE);
  ::TerminateProcess(::GetCurrentProcess(), 1);
}

}  // namespace

const char* confine(std::uint64_t bytes, unsigned threads) {
  Job& own = job();
  if (const char* failed = enter(own)) return failed;
  own.limits.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_MEMORY;
  // Of a stack, only what a thread touches is committed.
  own.limits.ProcessMemoryLimit = committed() + std::uint64_t{threads} * (std::uint64_t{1} << 20) + bytes;
  if (const char* failed = apply(own)) return failed;
  const HANDLE parent = ::OpenProcess(SYNCHRONIZE, FALSE, parent_id());
  if (!parent) {
    failed();
    return "OpenProcess";
  }
  start_detached(die_with, parent, "h5tracks-parent");
  return nullptr;
}

const char* allow_cpu(double seconds) {
  Job& own = job();
  if (const char* failed = enter(own)) return failed;
  FILETIME created, ended, kernel, user;
  if (!::GetProcessTimes(::GetCurrentProcess(), &created, &ended, &kernel, &user)) {
    failed();
    return "GetProcessTimes";
  }
  constexpr double kTicks = 1e7;  // 100 ns
  const auto so_far = static_cast<LONGLONG>(std::uint64_t{user.dwHighDateTime} << 32 | user.dwLowDateTime);
  own.limits.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_PROCESS_TIME;
  own.limits.BasicLimitInformation.PerProcessUserTimeLimit.QuadPart =
      so_far + static_cast<LONGLONG>((1 + std::ceil(seconds)) * kTicks);
  return apply(own);
}

}  // namespace h5tracks::system
