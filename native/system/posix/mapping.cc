#include "journal/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "system/io.h"

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
  const std::ptrdiff_t got = system::read_fully(descriptor, bytes, size, offset);
  if (got < 0) throw_errno("read");
  return static_cast<std::size_t>(got) == size;
}

void write_fully(int descriptor, const void* bytes, std::size_t size, std::size_t offset) {
  if (!system::write_fully(descriptor, bytes, size, offset)) throw_errno("write");
}

void sync(int descriptor) {
  if (!system::sync_data(descriptor)) throw_errno("fdatasync");
}

void sync_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor directory(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) throw_errno("open", name);
  if (::fsync(directory.get()) != 0) throw_errno("fsync", name);
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
  // If this fails, the old mapping stays, which only keeps disk space in use.
  if (data_) ::mmap(data_, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

Mapping::~Mapping() {
  if (data_) ::munmap(data_, bytes_);
}

}  // namespace h5tracks::journal
