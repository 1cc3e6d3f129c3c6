#include "system/memory.h"

#include <windows.h>

#include <cstdint>
#include <new>

namespace h5tracks::system {

namespace {

constexpr std::size_t kPage = 4096;

}  // namespace

// Begins at a boundary of 64 KiB: Windows gives huge pages to privileged processes only.
std::shared_ptr<unsigned char> large_memory(std::size_t bytes) {
  void* const given = ::VirtualAlloc(nullptr, bytes + (bytes == 0), MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (!given) throw std::bad_alloc();
  return {static_cast<unsigned char*>(given), [](unsigned char* at) { ::VirtualFree(at, 0, MEM_RELEASE); }};
}

void give_back(void* memory, std::size_t bytes) {
  const auto at = reinterpret_cast<std::uintptr_t>(memory);
  const auto begin = whole(kPage, at), end = (at + bytes) / kPage * kPage;
  if (begin >= end) return;
  void* const pages = reinterpret_cast<void*>(begin);
  // Committed anew at once, so that touching them is allowed; they then read as zeros.
  if (::VirtualFree(pages, end - begin, MEM_DECOMMIT)) {
    ::VirtualAlloc(pages, end - begin, MEM_COMMIT, PAGE_READWRITE);
  }
}

void prefer_large_pages(void*, std::size_t) {}

void populate(void*, std::size_t) {}

}  // namespace h5tracks::system
