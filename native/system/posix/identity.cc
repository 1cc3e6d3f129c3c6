#include "system/process/identity.h"

#ifdef __APPLE__
#include <sys/random.h>
#include <sys/sysctl.h>
#endif
#include <unistd.h>

#include <fstream>

namespace h5tracks::system {

namespace {

std::string read_boot_id() {
#ifdef __APPLE__
  char id[64] = "";
  std::size_t size = sizeof id - 1;
  return ::sysctlbyname("kern.bootsessionuuid", id, &size, nullptr, 0) == 0 ? id : "";
#else
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
#endif
}

}  // namespace

std::string boot_id() {
  static const std::string id = read_boot_id();
  return id;
}

std::int64_t process_id() { return ::getpid(); }

bool random_bytes(unsigned char* bytes, std::size_t size) { return ::getentropy(bytes, size) == 0; }

}  // namespace h5tracks::system
