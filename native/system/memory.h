// Large blocks of memory, and advice to the system about their pages. Knows the C library only.
#pragma once

#include <cstddef>
#include <memory>

namespace h5tracks::system {

// What the system makes large pages of, on the machines that we know.
constexpr std::size_t kLargePage = std::size_t{2} << 20;

// As many bytes as whole units of them take.
constexpr std::size_t whole(std::size_t unit, std::size_t bytes) { return (bytes + unit - 1) / unit * unit; }

// Zeros, from the beginning of a large page on, and in large pages where there are any. Throws std::bad_alloc.
std::shared_ptr<unsigned char> large_memory(std::size_t bytes);

// Whoever touches this part of such memory again finds zeros; until then it takes no room. Of its whole pages.
void give_back(void* memory, std::size_t bytes);

// Of memory that is about to be filled. Fresh memory costs a fault per page when it is first touched; fewer where the
// pages are large.
void prefer_large_pages(void* memory, std::size_t bytes);

// The same for memory whose pages cannot be large, of a mapped file: all of its faults at once, at half their cost.
// Writes nothing; where the system cannot do it, they come one by one.
void populate(void* memory, std::size_t bytes);

}  // namespace h5tracks::system
