// What went wrong below: HDF5's own error stack, a system call's errno, or a rule of ours.
// Knows HDF5 and the C library; knows no Node.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace h5tracks::hdf5 {

// One line of HDF5's error stack.
struct ErrorFrame {
  std::string function, major, minor, text;
};

// `code` is stable: an errno name ("ENOSPC") or one of ours ("ERR_HDF5").
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message) : runtime_error(message), code(std::move(code)) {}

  std::string code;
  int error_number = 0;  // errno, 0 when no system call failed
  std::string syscall;
  std::string path;
  std::vector<ErrorFrame> stack;  // outermost first
};

// A failed system call on `path`, as Node words it: "ENOENT: no such file or directory, open 'x.h5'".
Error system_error(int error_number, const std::string& syscall, const std::string& path);

// Takes HDF5's current error stack. Where it shows a failed system call, the code is that errno's name.
Error take_error();

}  // namespace h5tracks::hdf5
