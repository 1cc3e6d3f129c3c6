#include "system/error.h"

#include <cerrno>

#include "system/error_text.h"

namespace h5tracks {

namespace {

struct ErrnoName {
  int number;
  const char* name;
};

constexpr ErrnoName kErrnoNames[] = {
    {EACCES, "EACCES"},   {EAGAIN, "EAGAIN"},
    {EBADF, "EBADF"},     {EBUSY, "EBUSY"},
    {EEXIST, "EEXIST"},   {EFAULT, "EFAULT"},
    {EFBIG, "EFBIG"},     {EINTR, "EINTR"},
    {EINVAL, "EINVAL"},   {EIO, "EIO"},
    {EISDIR, "EISDIR"},   {ELOOP, "ELOOP"},
    {EMFILE, "EMFILE"},   {ENAMETOOLONG, "ENAMETOOLONG"},
    {ENFILE, "ENFILE"},   {ENODEV, "ENODEV"},
    {ENOENT, "ENOENT"},   {ENOLCK, "ENOLCK"},
    {ENOMEM, "ENOMEM"},   {ENOSPC, "ENOSPC"},
    {ENOSYS, "ENOSYS"},   {ENOTDIR, "ENOTDIR"},
    {ENXIO, "ENXIO"},     {EOVERFLOW, "EOVERFLOW"},
    {EPERM, "EPERM"},     {EROFS, "EROFS"},
    {ETXTBSY, "ETXTBSY"},
#ifndef _WIN32
    {EDQUOT, "EDQUOT"},   {ESTALE, "ESTALE"},
#endif
};

std::string errno_name(int number) {
  for (const auto& entry : kErrnoNames) {
    if (entry.number == number) return entry.name;
  }
  return "ERR_SYSTEM_" + std::to_string(number);
}

}  // namespace

void Error::name_file(const std::string& file_path) {
  if (!path.empty()) return;
  path = file_path;
  if (error_number) message_ += " '" + path + "'";
}

Error system_error(int number, const std::string& syscall) {
  const std::string code = errno_name(number);
  Error error(code, code + ": " + system::error_text(number) + (syscall.empty() ? "" : ", " + syscall));
  error.error_number = number;
  error.syscall = syscall;
  return error;
}

Error system_error(int number, const std::string& syscall, const std::string& path) {
  Error error = system_error(number, syscall);
  error.name_file(path);
  return error;
}

}  // namespace h5tracks
