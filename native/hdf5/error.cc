#include "hdf5/error.h"

#include <hdf5.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace h5tracks::hdf5 {

namespace {

struct ErrnoName {
  int number;
  const char* name;
};

constexpr ErrnoName kErrnoNames[] = {
    {EACCES, "EACCES"},   {EAGAIN, "EAGAIN"}, {EBADF, "EBADF"},
    {EBUSY, "EBUSY"},     {EDQUOT, "EDQUOT"}, {EEXIST, "EEXIST"},
    {EFAULT, "EFAULT"},   {EFBIG, "EFBIG"},   {EINTR, "EINTR"},
    {EINVAL, "EINVAL"},   {EIO, "EIO"},       {EISDIR, "EISDIR"},
    {ELOOP, "ELOOP"},     {EMFILE, "EMFILE"}, {ENAMETOOLONG, "ENAMETOOLONG"},
    {ENFILE, "ENFILE"},   {ENODEV, "ENODEV"}, {ENOENT, "ENOENT"},
    {ENOLCK, "ENOLCK"},   {ENOMEM, "ENOMEM"}, {ENOSPC, "ENOSPC"},
    {ENOTDIR, "ENOTDIR"}, {ENXIO, "ENXIO"},   {EOVERFLOW, "EOVERFLOW"},
    {EPERM, "EPERM"},     {EROFS, "EROFS"},   {ESTALE, "ESTALE"},
    {ETXTBSY, "ETXTBSY"},
};

std::string errno_name(int number) {
  for (const auto& entry : kErrnoNames) {
    if (entry.number == number) return entry.name;
  }
  return "ERR_SYSTEM_" + std::to_string(number);
}

std::string message_text(hid_t message) {
  char text[256] = "";
  H5E_type_t type;
  H5Eget_msg(message, &type, text, sizeof text);
  return text;
}

herr_t collect(unsigned, const H5E_error2_t* entry, void* into) {
  static_cast<std::vector<ErrorFrame>*>(into)->push_back({entry->func_name ? entry->func_name : "",
                                                          message_text(entry->maj_num), message_text(entry->min_num),
                                                          entry->desc ? entry->desc : ""});
  return 0;
}

// HDF5's file drivers put the errno of a failed call into their text: "… errno = 28, error message = …".
int errno_in(const std::vector<ErrorFrame>& stack) {
  static const char kMark[] = "errno = ";
  for (auto frame = stack.rbegin(); frame != stack.rend(); ++frame) {
    const auto at = frame->text.find(kMark);
    if (at != std::string::npos) return std::atoi(frame->text.c_str() + at + sizeof kMark - 1);
  }
  return 0;
}

// The system call behind a file driver's words.
std::string syscall_in(const std::vector<ErrorFrame>& stack) {
  for (const ErrorFrame& frame : stack) {
    if (frame.text.find("file write failed") != std::string::npos) return "write";
    if (frame.text.find("file read failed") != std::string::npos) return "read";
    if (frame.text.find("unable to extend file") != std::string::npos) return "ftruncate";
    if (frame.text.find("unable to open file") != std::string::npos) return "open";
  }
  return "";
}

// "ENOSPC: no space left on device, write"
Error error_of_call(int number, const std::string& syscall) {
  std::string reason = std::strerror(number);
  reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
  const std::string code = errno_name(number);
  Error error(code, code + ": " + reason + (syscall.empty() ? "" : ", " + syscall));
  error.error_number = number;
  error.syscall = syscall;
  return error;
}

Error error_of_stack(const std::vector<ErrorFrame>& stack) {
  if (const int number = errno_in(stack)) return error_of_call(number, syscall_in(stack));
  if (stack.empty()) return Error("ERR_HDF5", "HDF5 gave no reason");
  // The outermost line says what was tried, the innermost why it failed.
  std::string message = stack.front().text;
  if (stack.size() > 1) message += ": " + stack.back().text;
  return Error("ERR_HDF5", message);
}

}  // namespace

void Error::name_file(const std::string& file_path) {
  if (!path.empty()) return;
  path = file_path;
  if (error_number) message_ += " '" + path + "'";
}

Error system_error(int number, const std::string& syscall, const std::string& path) {
  Error error = error_of_call(number, syscall);
  error.name_file(path);
  return error;
}

Error take_error() {
  std::vector<ErrorFrame> stack;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, collect, &stack);
  H5Eclear2(H5E_DEFAULT);
  Error error = error_of_stack(stack);
  error.stack = std::move(stack);
  return error;
}

}  // namespace h5tracks::hdf5
