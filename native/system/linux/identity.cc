#include "system/process/identity.h"

#include <fstream>

namespace h5tracks::system {

namespace {

std::string read_boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

}  // namespace

std::string boot_id() {
  static const std::string id = read_boot_id();
  return id;
}

}  // namespace h5tracks::system
