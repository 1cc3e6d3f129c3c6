#include "system/process/confinement.h"

#include <sys/resource.h>
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

#include <cmath>
#include <fstream>
#include <string>

#include "system/process/threads.h"

namespace h5tracks::system {

namespace {

// Lowers the soft limit, to the hard limit at most.
const char* limit(int resource, rlim_t soft) {
  struct rlimit now {};
  if (::getrlimit(static_cast<decltype(RLIMIT_DATA)>(resource), &now) != 0) return "getrlimit";
  if (now.rlim_max != RLIM_INFINITY && soft > now.rlim_max) soft = now.rlim_max;
  now.rlim_cur = soft;
  return ::setrlimit(static_cast<decltype(RLIMIT_DATA)>(resource), &now) == 0 ? nullptr : "setrlimit";
}

#ifdef __linux__
// Private writable memory, which RLIMIT_DATA counts.
rlim_t data_in_use() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmData:", 0) == 0) return static_cast<rlim_t>(std::stoull(line.substr(7))) << 10;
  }
  return 0;
}
#endif

}  // namespace

const char* confine(std::uint64_t bytes, unsigned threads) {
  if (const char* failed = limit(RLIMIT_CORE, 0)) return failed;
#ifdef __linux__
  // Threads start on first use, and their stacks must not count against the memory for reading.
  const char* failed = limit(RLIMIT_DATA, data_in_use() + rlim_t{kStackBytes} * threads + bytes);
  if (!failed) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return failed;
#else
  (void)threads;
  return limit(RLIMIT_DATA, static_cast<rlim_t>(bytes));
#endif
}

const char* allow_cpu(double seconds) {
  struct rusage used {};
  ::getrusage(RUSAGE_SELF, &used);
  const auto so_far = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
  return limit(RLIMIT_CPU, static_cast<rlim_t>(static_cast<double>(so_far) + 1 + std::ceil(seconds)));
}

}  // namespace h5tracks::system
