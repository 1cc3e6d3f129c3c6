// The pages of memory. Knows the C library only.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "system/memory.h"

namespace h5tracks::system {

inline std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

struct Pages {
  void* begin;
  std::size_t bytes;
};

// The pages, of `size` bytes each, that lie wholly in this memory.
inline Pages pages_within(void* memory, std::size_t bytes, std::size_t size) {
  const auto at = reinterpret_cast<std::uintptr_t>(memory);
  const auto begin = whole(size, at), end = (at + bytes) / size * size;
  return {reinterpret_cast<void*>(begin), begin < end ? end - begin : 0};
}

}  // namespace h5tracks::system
