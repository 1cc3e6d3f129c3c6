#include "system/process/threads.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "system/posix/thread_name.h"

namespace h5tracks::system {

void name_this_thread(const char* name) { pthread_setname_np(pthread_self(), name); }

void yield_to_others() {
  constexpr int kNice = 10;
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice);
}

}  // namespace h5tracks::system
