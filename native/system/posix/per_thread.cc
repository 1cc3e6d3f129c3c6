#include "system/process/per_thread.h"

#include <pthread.h>

#include <new>

namespace h5tracks::system {

ThreadSlot::ThreadSlot(void (*destroy)(void*)) {
  pthread_key_t key;
  if (::pthread_key_create(&key, destroy) != 0) throw std::bad_alloc();
  key_ = key;
}

void* ThreadSlot::get() const { return ::pthread_getspecific(static_cast<pthread_key_t>(key_)); }

void ThreadSlot::set(void* object) const { ::pthread_setspecific(static_cast<pthread_key_t>(key_), object); }

}  // namespace h5tracks::system
