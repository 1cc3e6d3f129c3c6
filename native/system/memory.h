// Memory as the system gives it out. Knows nothing but the C library.
#pragma once

#include <cstddef>

namespace h5tracks::system {

// Of memory that is about to be filled. Fresh memory costs a fault per page when it is first touched; fewer where the
// pages are large.
void prefer_large_pages(void* memory, std::size_t bytes);

}  // namespace h5tracks::system
