#include "system/memory.h"

#include <sys/mman.h>

#include <cstring>

#include "system/posix/pages.h"

namespace h5tracks::system {

// Only on Linux does MADV_DONTNEED promise zeros. A new mapping in the old one's place does everywhere.
void give_back(void* memory, std::size_t bytes) {
  const Pages pages = pages_within(memory, bytes, page_size());
  if (pages.bytes == 0) return;
  void* const fresh =
      ::mmap(pages.begin, pages.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (fresh == MAP_FAILED) std::memset(pages.begin, 0, pages.bytes);
}

void prefer_large_pages(void*, std::size_t) {}

void populate(void*, std::size_t) {}

}  // namespace h5tracks::system
