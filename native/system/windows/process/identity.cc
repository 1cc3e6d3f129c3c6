#include "system/process/identity.h"

#include <windows.h>

#include <bcrypt.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

namespace h5tracks::system {

namespace {

// The number of this start of the machine, counted by the loader, in the page that the kernel shares with every
// process. 0: a system older than Windows 10, or Wine.
std::uint32_t boot_count() {
  constexpr std::uintptr_t kSharedPage = 0x7ffe0000, kBootId = 0x2c4;
  return *reinterpret_cast<const volatile std::uint32_t*>(kSharedPage + kBootId);
}

// Chosen when Windows was installed.
std::string machine_id() {
  char id[64] = "";
  DWORD size = sizeof id;
  const LSTATUS status = ::RegGetValueA(HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Cryptography", "MachineGuid",
                                        RRF_RT_REG_SZ, nullptr, id, &size);
  return status == ERROR_SUCCESS ? id : "";
}

std::string read_boot_id() {
  if (const std::uint32_t count = boot_count()) {
    char text[16];
    std::snprintf(text, sizeof text, "-%08x", static_cast<unsigned>(count));
    return machine_id().substr(0, 28) + text;
  }
  // Wine gives every process the files of the system that it runs on.
  std::string id;
  std::ifstream("\\\\?\\unix\\proc\\sys\\kernel\\random\\boot_id") >> id;
  return id;
}

}  // namespace

std::int64_t process_id() { return ::GetCurrentProcessId(); }

std::string boot_id() {
  static const std::string id = read_boot_id();
  return id;
}

bool random_bytes(unsigned char* bytes, std::size_t size) {
  if (::BCryptGenRandom(nullptr, bytes, static_cast<ULONG>(size), BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0) return true;
  errno = EIO;
  return false;
}

}  // namespace h5tracks::system
