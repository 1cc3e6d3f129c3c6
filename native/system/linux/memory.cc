#include "system/memory.h"

#include <sys/mman.h>

#include <cstdint>

#include "system/posix/pages.h"

namespace h5tracks::system {

void give_back(void* memory, std::size_t bytes) {
  const Pages pages = pages_within(memory, bytes, page_size());
  if (pages.bytes > 0) ::madvise(pages.begin, pages.bytes, MADV_DONTNEED);
}

void prefer_large_pages(void* memory, std::size_t bytes) {
  const Pages pages = pages_within(memory, bytes, kLargePage);
  if (pages.bytes > 0) ::madvise(pages.begin, pages.bytes, MADV_HUGEPAGE);
}

void populate(void* memory, std::size_t bytes) {
  constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, since Linux 5.14; not in every libc's headers
  const auto at = reinterpret_cast<std::uintptr_t>(memory), begin = at / page_size() * page_size();
  ::madvise(reinterpret_cast<void*>(begin), at + bytes - begin, kPopulateWrite);
}

}  // namespace h5tracks::system
