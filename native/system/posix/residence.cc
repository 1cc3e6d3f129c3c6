#include "system/process/residence.h"

#include <cstdlib>

namespace h5tracks::system {

// The linker has marked the addon (-z nodelete), and macOS unloads nothing that has per-thread data.
void keep_loaded() {}

bool at_exit(void (*last)()) { return std::atexit(last) == 0; }

}  // namespace h5tracks::system
