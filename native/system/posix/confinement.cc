#include "system/process/confinement.h"

#include <cmath>

#include "system/posix/limit.h"

namespace h5tracks::system {

const char* limit(int resource, rlim_t soft) {
  struct rlimit now {};
  if (::getrlimit(static_cast<decltype(RLIMIT_DATA)>(resource), &now) != 0) return "getrlimit";
  if (now.rlim_max != RLIM_INFINITY && soft > now.rlim_max) soft = now.rlim_max;
  now.rlim_cur = soft;
  return ::setrlimit(static_cast<decltype(RLIMIT_DATA)>(resource), &now) == 0 ? nullptr : "setrlimit";
}

const char* allow_cpu(double seconds) {
  struct rusage used {};
  ::getrusage(RUSAGE_SELF, &used);
  const auto so_far = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
  return limit(RLIMIT_CPU, static_cast<rlim_t>(static_cast<double>(so_far) + 1 + std::ceil(seconds)));
}

}  // namespace h5tracks::system
