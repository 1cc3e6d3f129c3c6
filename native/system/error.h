// The error that all of native/ throws: a stable code, a message, and what is known of the cause. Knows neither HDF5
// nor Node.
#pragma once

#include <exception>
#include <string>
#include <vector>

namespace h5tracks {

// One line of HDF5's error stack.
struct ErrorFrame {
  std::string function, major, minor, text;
};

// `code` is stable: an errno name ("ENOSPC") or one of ours ("ERR_HDF5").
class Error : public std::exception {
 public:
  Error(std::string code, std::string message) : code(std::move(code)), message_(std::move(message)) {}

  const char* what() const noexcept override { return message_.c_str(); }
  // Adds the path, if the code that threw did not know it.
  void name_file(const std::string& file_path);
  // Prefixes the message with the action that failed, if HDF5's own words do not say it.
  void during(const std::string& action) { message_ = action + ": " + message_; }

  std::string code;
  int error_number = 0;  // errno, 0 when no system call failed
  std::string syscall;
  std::string path;
  std::vector<ErrorFrame> stack;  // outermost first

 private:
  std::string message_;
};

// A failed system call on `path`, worded as Node does: "ENOENT: no such file or directory, open 'x.h5'".
Error system_error(int error_number, const std::string& syscall, const std::string& path);
// The same, if the path is not known here; name_file() can add it.
Error system_error(int error_number, const std::string& syscall);

}  // namespace h5tracks
