#include "system/memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

#include "system/posix/pages.h"

namespace h5tracks::system {

std::shared_ptr<unsigned char> large_memory(std::size_t bytes) {
  const std::size_t size = whole(page_size(), bytes + (bytes == 0)), taken = size + kLargePage;
  if (taken < bytes) throw std::bad_alloc();
  void* const given = ::mmap(nullptr, taken, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (given == MAP_FAILED) throw std::bad_alloc();
  // Unmaps what lies before the first huge page and after the end.
  const auto from = reinterpret_cast<std::uintptr_t>(given), begin = whole(kLargePage, from), end = begin + size;
  if (begin > from) ::munmap(given, begin - from);
  if (from + taken > end) ::munmap(reinterpret_cast<void*>(end), from + taken - end);
  auto* const memory = reinterpret_cast<unsigned char*>(begin);
  prefer_large_pages(memory, size);
  return {memory, [size](unsigned char* at) { ::munmap(at, size); }};
}

}  // namespace h5tracks::system
