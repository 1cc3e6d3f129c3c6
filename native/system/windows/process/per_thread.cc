#include "system/process/per_thread.h"

#include <windows.h>

#include <new>

namespace h5tracks::system {

// Windows calls `destroy` by itself, before anything of the thread is taken apart.
ThreadSlot::ThreadSlot(void (*destroy)(void*)) : key_(::FlsAlloc(destroy)) {
  if (key_ == FLS_OUT_OF_INDEXES) throw std::bad_alloc();
}

void* ThreadSlot::get() const { return ::FlsGetValue(key_); }

void ThreadSlot::set(void* object) const { ::FlsSetValue(key_, object); }

}  // namespace h5tracks::system
