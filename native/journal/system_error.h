// Failed system calls of the journal, as exceptions.
#pragma once

#include <cstddef>
#include <string>

#include "system/file.h"

namespace h5tracks::journal {

// A failed system call.
struct SystemError {
  int number;  // errno
  const char* syscall;
  std::string path;  // empty: the journal's path
};

[[noreturn]] void throw_errno(const char* syscall, const std::string& path = {});

// As in system/io.h and system/file.h, but throwing. read_fully returns false if the file ends before `size` bytes.
bool read_fully(system::FileNumber file, void* bytes, std::size_t size, std::size_t offset);
void write_fully(system::FileNumber file, const void* bytes, std::size_t size, std::size_t offset);
// Syncs the data to the disk.
void sync(system::FileNumber file);
// Syncs the directory, and with it the file's name.
void sync_directory_of(const std::string& path);
// Throws nothing if there is no such file.
void remove_if_exists(const std::string& path);
system::FileStatus status_of(system::FileNumber file);

}  // namespace h5tracks::journal
