// A file descriptor and a memory mapping of the file, closed together.
#pragma once

#include <cstddef>
#include <string>

namespace h5tracks::journal {

// A failed system call.
struct SystemError {
  int number;  // errno
  const char* syscall;
  std::string path;  // empty: the journal's path
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

// As in system/io.h, but throwing. read_fully returns false if the file ends before `size` bytes.
bool read_fully(int descriptor, void* bytes, std::size_t size, std::size_t offset);
void write_fully(int descriptor, const void* bytes, std::size_t size, std::size_t offset);
// Syncs the data to the disk.
void sync(int descriptor);
// Syncs the directory, and with it the file's name.
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

  // Replaces the mapping by private zeros at the same address, and closes the file.
  void detach();

  unsigned char* data() const { return data_; }
  std::size_t size() const { return bytes_; }

 private:
  unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace h5tracks::journal
