// A file's descriptor and its mapping into memory, both given up together.
#pragma once

#include <cstddef>
#include <string>

namespace h5tracks::journal {

// A system call that failed.
struct SystemError {
  int number;  // errno
  const char* syscall;
  std::string path;  // empty: the journal's
};

[[noreturn]] void throw_errno(const char* syscall, const std::string& path = {});

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int release();
  int number_ = -1;
};

// As system/io.h has them, throwing. All of the bytes; false where the file ends before.
bool read_fully(int descriptor, void* bytes, std::size_t size, std::size_t offset);
void write_fully(int descriptor, const void* bytes, std::size_t size, std::size_t offset);
// What was written is on the disk when it returns.
void sync(int descriptor);
// And so are the names beside this one.
void sync_directory_of(const std::string& path);

// Shared with every process that maps the file.
class Mapping {
 public:
  enum class Access { kRead, kReadWrite };

  Mapping() = default;
  Mapping(int descriptor, std::size_t bytes, Access access);
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  // The memory stays where it is, private and zero; the file is given up.
  void detach();

  unsigned char* data() const { return data_; }
  std::size_t size() const { return bytes_; }

 private:
  unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace h5tracks::journal
