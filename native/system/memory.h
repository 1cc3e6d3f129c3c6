// Large blocks of memory, and advice to the system about their pages. Knows the C library only.
#pragma once

#include <cstddef>
#include <memory>

namespace h5tracks::system {

// The size of a huge page on the machines that we know.
constexpr std::size_t kLargePage = std::size_t{2} << 20;

// Rounds `bytes` up to a multiple of `unit`.
constexpr std::size_t whole(std::size_t unit, std::size_t bytes) { return (bytes + unit - 1) / unit * unit; }

// Zeroed memory that begins at a huge page's boundary and uses huge pages, where the system has them. Throws
// std::bad_alloc.
std::shared_ptr<unsigned char> large_memory(std::size_t bytes);

// Frees the whole pages in this part of such memory; they read as zeros and take no memory until they are touched
// again.
void give_back(void* memory, std::size_t bytes);

// Call before filling fresh memory: its first touch costs a page fault per page, and huge pages need fewer.
void prefer_large_pages(void* memory, std::size_t bytes);

// The same for a memory-mapped file, whose pages cannot be huge: takes all page faults at once, at half their cost.
// Writes nothing. Where the system does not support it, the faults come one by one.
void populate(void* memory, std::size_t bytes);

}  // namespace h5tracks::system
