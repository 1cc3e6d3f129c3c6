#include "system/process/confinement.h"

#include <signal.h>
#include <sys/prctl.h>

#include <fstream>
#include <string>

#include "system/posix/limit.h"
#include "system/process/threads.h"

namespace h5tracks::system {

namespace {

// Private writable memory, which RLIMIT_DATA counts.
rlim_t data_in_use() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmData:", 0) == 0) return static_cast<rlim_t>(std::stoull(line.substr(7))) << 10;
  }
  return 0;
}

}  // namespace

const char* confine(std::uint64_t bytes, unsigned threads) {
  if (const char* failed = limit(RLIMIT_CORE, 0)) return failed;
  // Threads start on first use, and their stacks must not count against the memory for reading.
  const char* failed = limit(RLIMIT_DATA, data_in_use() + rlim_t{kStackBytes} * threads + bytes);
  if (!failed) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return failed;
}

}  // namespace h5tracks::system
