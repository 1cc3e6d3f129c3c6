#include "system/process/threads.h"

#include <pthread.h>

#include "system/posix/thread_name.h"

namespace h5tracks::system {

void name_this_thread(const char* name) { pthread_setname_np(name); }

// A lower quality of service would also move the thread to slower processors.
void yield_to_others() {}

}  // namespace h5tracks::system
