#include "binding/confinement.h"

#include <pthread.h>
#include <sys/resource.h>
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <cmath>
#include <fstream>
#include <string>

#include "binding/core/errors.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

namespace {

// Lowers the soft limit, to the hard limit at most.
void limit(int resource, rlim_t soft) {
  struct rlimit now {};
  if (::getrlimit(static_cast<decltype(RLIMIT_DATA)>(resource), &now) != 0) throw system_error(errno, "getrlimit", "");
  if (now.rlim_max != RLIM_INFINITY && soft > now.rlim_max) soft = now.rlim_max;
  now.rlim_cur = soft;
  if (::setrlimit(static_cast<decltype(RLIMIT_DATA)>(resource), &now) != 0) throw system_error(errno, "setrlimit", "");
}

// Private writable memory, which RLIMIT_DATA counts.
rlim_t data_in_use() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmData:", 0) == 0) return static_cast<rlim_t>(std::stoull(line.substr(7))) << 10;
  }
  return 0;
}

// Threads start on first use, and their stacks must not count against the memory for reading.
rlim_t stacks_to_come() {
  pthread_attr_t attributes;
  std::size_t size = 0;
  if (::pthread_attr_init(&attributes) != 0) return 0;
  ::pthread_attr_getstacksize(&attributes, &size);
  ::pthread_attr_destroy(&attributes);
  return static_cast<rlim_t>(size) * (stream::EncodePool::default_threads() + 1);
}

}  // namespace

void confine(const Napi::CallbackInfo& info) {
  const auto bytes = static_cast<rlim_t>(info[0].As<Napi::Number>().DoubleValue());
  guarded(info.Env(), "", [&] {
    limit(RLIMIT_CORE, 0);
#ifdef __linux__
    limit(RLIMIT_DATA, data_in_use() + stacks_to_come() + bytes);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#else
    limit(RLIMIT_DATA, bytes);
#endif
  });
}

void allow_cpu(const Napi::CallbackInfo& info) {
  const double seconds = info[0].As<Napi::Number>().DoubleValue();
  guarded(info.Env(), "", [&] {
    struct rusage used {};
    ::getrusage(RUSAGE_SELF, &used);
    const auto so_far = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
    limit(RLIMIT_CPU, static_cast<rlim_t>(so_far + 1 + std::ceil(seconds)));
  });
}

}  // namespace h5tracks::binding
