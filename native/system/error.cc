#include "system/error.h"

#include <cctype>
#include <cerrno>
#include <cstring>

namespace h5tracks {

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

}  // namespace

void Error::name_file(const std::string& file_path) {
  if (!path.empty()) return;
  path = file_path;
  if (error_number) message_ += " '" + path + "'";
}

Error system_error(int number, const std::string& syscall) {
  std::string reason = std::strerror(number);
  reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
  const std::string code = errno_name(number);
  Error error(code, code + ": " + reason + (syscall.empty() ? "" : ", " + syscall));
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
