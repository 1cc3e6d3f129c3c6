// Limits of the system's resources. Knows the C library only.
#pragma once

#include <sys/resource.h>

namespace h5tracks::system {

// Lowers the soft limit of a resource (RLIMIT_...), to the hard limit at most. Returns null, or the name of the call
// that failed, with errno set.
const char* limit(int resource, rlim_t soft);

}  // namespace h5tracks::system
