#include "system/memory.h"

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <cstdint>

namespace h5tracks::system {

void prefer_large_pages(void* memory, std::size_t bytes) {
#ifdef __linux__
  const auto at = reinterpret_cast<std::uintptr_t>(memory);
  const auto begin = (at + kLargePage - 1) / kLargePage * kLargePage;
  const auto end = (at + bytes) / kLargePage * kLargePage;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)memory, (void)bytes;
#endif
}

void populate(void* memory, std::size_t bytes) {
#ifdef __linux__
  constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, of Linux 5.14; not in every libc's headers
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto at = reinterpret_cast<std::uintptr_t>(memory);
  const auto begin = at / page * page;
  ::madvise(reinterpret_cast<void*>(begin), at + bytes - begin, kPopulateWrite);
#else
  (void)memory, (void)bytes;
#endif
}

}  // namespace h5tracks::system
