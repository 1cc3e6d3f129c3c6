#include "system/process/identity.h"

#include <sys/random.h>
#include <unistd.h>

namespace h5tracks::system {

std::int64_t process_id() { return ::getpid(); }

bool random_bytes(unsigned char* bytes, std::size_t size) { return ::getentropy(bytes, size) == 0; }

}  // namespace h5tracks::system
