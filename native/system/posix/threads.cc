#include "system/process/threads.h"

#include <pthread.h>
#include <signal.h>
#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <memory>
#include <system_error>

namespace h5tracks::system {

namespace {

struct Start {
  void (*body)(void*);
  void* argument;
};

void* begin(void* given) {
  const std::unique_ptr<Start> start(static_cast<Start*>(given));
  start->body(start->argument);
  return nullptr;
}

int create(pthread_t* thread, Start* start) {
  pthread_attr_t attributes;
  if (const int failed = ::pthread_attr_init(&attributes)) return failed;
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(&attributes, kStackBytes);
  const int failed = ::pthread_create(thread, &attributes, begin, start);
  ::pthread_attr_destroy(&attributes);
  return failed;
}

}  // namespace

void start_detached(void (*body)(void*), void* argument, const char* name) {
  auto start = std::make_unique<Start>(Start{body, argument});
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int failed = create(&thread, start.get());
#ifdef __linux__
  if (failed == 0) pthread_setname_np(thread, name);
#else
  (void)name;
#endif
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), "pthread_create");
  static_cast<void>(start.release());
}

void yield_to_others() {
#ifdef __linux__
  constexpr int kNice = 10;
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
#endif
}

}  // namespace h5tracks::system
