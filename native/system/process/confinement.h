// Limits that a process sets for itself. Knows the C library only.
#pragma once

#include <cstdint>

namespace h5tracks::system {

// From now on this process may allocate `bytes` more bytes of memory and the stacks of `threads` threads, leaves no
// core dump, and, on Linux, is killed when the thread that started it ends. Returns null, or the name of the call that
// failed, with errno set.
const char* confine(std::uint64_t bytes, unsigned threads);

// The system kills the process after that many more seconds of processor time. Returns as confine() does.
const char* allow_cpu(double seconds);

}  // namespace h5tracks::system
