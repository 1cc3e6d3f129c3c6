// Memory fences between the marks of a slot and its values, which are not atomic. ThreadSanitizer does not support
// fences; the processors that it runs on keep this order by themselves.
#pragma once

namespace h5tracks::journal {

inline void acquire_fence() {
#ifdef __SANITIZE_THREAD__
  __asm__ volatile("" ::: "memory");
#else
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
#endif
}

inline void release_fence() {
#ifdef __SANITIZE_THREAD__
  __asm__ volatile("" ::: "memory");
#else
  __atomic_thread_fence(__ATOMIC_RELEASE);
#endif
}

}  // namespace h5tracks::journal
