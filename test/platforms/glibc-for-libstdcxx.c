// What Debian's libstdc++ takes from glibc and musl does not have, as far as Bun needs it. Hidden, so that addons do
// not find it.
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

#pragma GCC visibility push(hidden)

char __libc_single_threaded = 0;

// The destructors of thread-local objects do not run.
int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* library) {
  (void)destroy, (void)object, (void)library;
  return 0;
}

size_t __strftime_l(char* to, size_t size, const char* format, const struct tm* time, locale_t locale) {
  return strftime_l(to, size, format, time, locale);
}

uint32_t arc4random(void) {
  uint32_t number = 0;
  (void)!getrandom(&number, sizeof number, 0);
  return number;
}

#pragma GCC visibility pop
