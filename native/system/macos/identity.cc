#include "system/process/identity.h"

#include <sys/sysctl.h>

namespace h5tracks::system {

namespace {

std::string read_boot_id() {
  char id[64] = "";
  std::size_t size = sizeof id - 1;
  return ::sysctlbyname("kern.bootsessionuuid", id, &size, nullptr, 0) == 0 ? id : "";
}

}  // namespace

std::string boot_id() {
  static const std::string id = read_boot_id();
  return id;
}

}  // namespace h5tracks::system
