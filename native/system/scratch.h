// Frees a thread's scratch memory if it grew too large to keep for the next chunk.
#pragma once

#include <cstddef>
#include <vector>

namespace h5tracks::system {

constexpr std::size_t kMostScratch = std::size_t{32} << 20;

inline void shrink_scratch(std::vector<unsigned char>& memory) {
  if (memory.capacity() > kMostScratch) std::vector<unsigned char>().swap(memory);
}

}  // namespace h5tracks::system
