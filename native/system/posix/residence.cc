#include "system/process/residence.h"

#include <cstdlib>

namespace h5tracks::system {

bool at_exit(void (*last)()) { return std::atexit(last) == 0; }

}  // namespace h5tracks::system
