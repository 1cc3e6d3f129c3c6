#include "system/process/threads.h"

#include <pthread.h>
#include <signal.h>

#include <memory>
#include <string>
#include <system_error>

#include "system/posix/thread_name.h"

namespace h5tracks::system {

namespace {

struct Start {
  void (*body)(void*);
  void* argument;
  std::string name;
};

void* begin(void* given) {
  const std::unique_ptr<Start> start(static_cast<Start*>(given));
  name_this_thread(start->name.c_str());
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
  auto start = std::make_unique<Start>(Start{body, argument, name});
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int failed = create(&thread, start.get());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), "pthread_create");
  static_cast<void>(start.release());
}

}  // namespace h5tracks::system
