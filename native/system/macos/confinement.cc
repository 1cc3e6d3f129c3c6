#include "system/process/confinement.h"

#include "system/posix/limit.h"

namespace h5tracks::system {

// macOS counts no memory that is mapped against RLIMIT_DATA, and has no other limit of it.
const char* confine(std::uint64_t bytes, unsigned) {
  if (const char* failed = limit(RLIMIT_CORE, 0)) return failed;
  return limit(RLIMIT_DATA, static_cast<rlim_t>(bytes));
}

}  // namespace h5tracks::system
