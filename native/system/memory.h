// Memory as the system gives it out. Knows nothing but the C library.
#pragma once

#include <cstddef>

namespace h5tracks::system {

// What the system makes large pages of, on the machines that we know.
constexpr std::size_t kLargePage = std::size_t{2} << 20;

// Of memory that is about to be filled. Fresh memory costs a fault per page when it is first touched; fewer where the
// pages are large.
void prefer_large_pages(void* memory, std::size_t bytes);

// The same for memory whose pages cannot be large, of a mapped file: all of its faults at once, at half their cost.
// Writes nothing; where the system cannot do it, they come one by one.
void populate(void* memory, std::size_t bytes);

}  // namespace h5tracks::system
