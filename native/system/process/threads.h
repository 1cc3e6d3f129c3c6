// Threads of our own: never joined, without signals, with a stack of the same size on every system. Knows the C library
// only.
#pragma once

#include <cstddef>

namespace h5tracks::system {

// musl's default is 130 KiB, which HDF5 can exceed. Only what a thread touches takes memory.
constexpr std::size_t kStackBytes = std::size_t{8} << 20;

// Starts a thread that is never joined and gets no signals, which are for Node's threads. `name` has at most 15
// characters and is shown by the system's tools. Throws std::system_error.
void start_detached(void (*body)(void*), void* argument, const char* name);

// Lowers the priority of the calling thread, where the system has priorities of threads.
void yield_to_others();

}  // namespace h5tracks::system
