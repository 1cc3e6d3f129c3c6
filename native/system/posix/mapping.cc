#include "system/mapping.h"

#include <sys/mman.h>

#include "system/posix/descriptor.h"

namespace h5tracks::system {

Mapping Mapping::of(FileNumber file, std::size_t bytes, Access access) {
  const int protection = access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
  void* memory = ::mmap(nullptr, bytes, protection, MAP_SHARED, descriptor_of(file), 0);
  if (memory == MAP_FAILED) return {};
  return {static_cast<unsigned char*>(memory), bytes};
}

void Mapping::detach() {
  if (data_) ::mmap(data_, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

// The page cache has it.
bool Mapping::pass_on() const { return true; }

Mapping::~Mapping() {
  if (data_) ::munmap(data_, bytes_);
}

}  // namespace h5tracks::system
