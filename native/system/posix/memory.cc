#include "system/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

namespace h5tracks::system {

namespace {

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

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

void give_back(void* memory, std::size_t bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(memory);
  const auto begin = whole(page_size(), at), end = (at + bytes) / page_size() * page_size();
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

void prefer_large_pages(void* memory, std::size_t bytes) {
#ifdef __linux__
  const auto at = reinterpret_cast<std::uintptr_t>(memory);
  const auto begin = whole(kLargePage, at), end = (at + bytes) / kLargePage * kLargePage;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)memory, (void)bytes;
#endif
}

void populate(void* memory, std::size_t bytes) {
#ifdef __linux__
  constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, since Linux 5.14; not in every libc's headers
  const auto at = reinterpret_cast<std::uintptr_t>(memory), begin = at / page_size() * page_size();
  ::madvise(reinterpret_cast<void*>(begin), at + bytes - begin, kPopulateWrite);
#else
  (void)memory, (void)bytes;
#endif
}

}  // namespace h5tracks::system
