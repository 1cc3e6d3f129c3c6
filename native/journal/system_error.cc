#include "journal/system_error.h"

#include <cerrno>

#include "system/io.h"

namespace h5tracks::journal {

void throw_errno(const char* syscall, const std::string& path) { throw SystemError{errno, syscall, path}; }

bool read_fully(system::FileNumber file, void* bytes, std::size_t size, std::size_t offset) {
  const std::ptrdiff_t got = system::read_fully(file, bytes, size, offset);
  if (got < 0) throw_errno("read");
  return static_cast<std::size_t>(got) == size;
}

void write_fully(system::FileNumber file, const void* bytes, std::size_t size, std::size_t offset) {
  if (!system::write_fully(file, bytes, size, offset)) throw_errno("write");
}

void sync(system::FileNumber file) {
  if (!system::sync_data(file)) throw_errno("fdatasync");
}

void sync_directory_of(const std::string& path) {
  if (!system::sync_directory_of(path)) throw_errno("fsync", system::directory_of(path));
}

void remove_if_exists(const std::string& path) {
  if (!system::remove_file(path) && errno != ENOENT) throw_errno("unlink", path);
}

system::FileStatus status_of(system::FileNumber file) {
  const auto status = system::status_of(file);
  if (!status) throw_errno("fstat");
  return *status;
}

}  // namespace h5tracks::journal
