#include "system/lock_holder.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <fstream>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

namespace {

struct Entry {
  pid_t pid;
  bool same_device;
};

std::vector<Entry> entries_of(dev_t device, ino_t inode) {
  std::vector<Entry> entries;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    // "3: FLOCK  ADVISORY  WRITE 4711 08:01:5512 0 EOF". A waiting process has "->" before the type.
    int pid = 0;
    unsigned device_major = 0, device_minor = 0;
    std::uint64_t number = 0;
    const int fields =
        std::sscanf(line.c_str(), "%*d: FLOCK %*s %*s %d %x:%x:%" SCNu64, &pid, &device_major, &device_minor, &number);
    if (fields != 4 || number != inode) continue;
    entries.push_back({pid, device_major == major(device) && device_minor == minor(device)});
  }
  return entries;
}

}  // namespace

std::vector<LockHolder> lock_holders(FileNumber file) {
  struct stat status {};
  if (::fstat(descriptor_of(file), &status) != 0) return {};
  std::vector<Entry> entries = entries_of(status.st_dev, status.st_ino);
  // Some file systems (btrfs, overlayfs) show another device here than stat does. Then the inode alone must be
  // unambiguous.
  if (entries.size() != 1) {
    entries.erase(std::remove_if(entries.begin(), entries.end(), [](const Entry& entry) { return !entry.same_device; }),
                  entries.end());
  }
  std::vector<LockHolder> holders;
  for (const Entry& entry : entries) {
    const auto same = [&](const LockHolder& holder) { return holder.pid == entry.pid; };
    if (entry.pid <= 0 || std::any_of(holders.begin(), holders.end(), same)) continue;
    std::ifstream comm("/proc/" + std::to_string(entry.pid) + "/comm");
    if (std::string command; std::getline(comm, command)) holders.push_back({entry.pid, command});
  }
  return holders;
}

}  // namespace h5tracks::system
