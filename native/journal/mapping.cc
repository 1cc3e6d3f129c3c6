#include "journal/mapping.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace h5tracks::journal {

void throw_errno(const char* syscall, const std::string& path) { throw SystemError{errno, syscall, path}; }

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  Descriptor gone(std::exchange(number_, other.release()));
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

int Descriptor::release() { return std::exchange(number_, -1); }

bool read_fully(int descriptor, void* bytes, std::size_t size, std::size_t offset) {
  auto* at = static_cast<unsigned char*>(bytes);
  while (size > 0) {
    const ssize_t got = ::pread(descriptor, at, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("read");
    if (got == 0) return false;
    at += got;
    offset += static_cast<std::size_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void write_fully(int descriptor, const void* bytes, std::size_t size, std::size_t offset) {
  const auto* at = static_cast<const unsigned char*>(bytes);
  while (size > 0) {
    const ssize_t put = ::pwrite(descriptor, at, size, static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_errno("write");
    at += put;
    offset += static_cast<std::size_t>(put);
    size -= static_cast<std::size_t>(put);
  }
}

Mapping::Mapping(int descriptor, std::size_t bytes, Access access) : bytes_(bytes) {
  const int protection = access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
  void* memory = ::mmap(nullptr, bytes, protection, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) throw_errno("mmap");
  data_ = static_cast<unsigned char*>(memory);
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

void Mapping::detach() {
  // Where that fails the mapping stays: nothing but room on the disk depends on it.
  if (data_) ::mmap(data_, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

Mapping::~Mapping() {
  if (data_) ::munmap(data_, bytes_);
}

}  // namespace h5tracks::journal
