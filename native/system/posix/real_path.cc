#include "system/real_path.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>

#include "system/error.h"

namespace h5tracks::system {

namespace {

// The longest chain of symbolic links; a longer one is taken for a cycle.
constexpr int kMostLinks = 40;

std::string resolved(const std::string& name) {
  char* real = ::realpath(name.c_str(), nullptr);
  std::string result = real ? real : "";
  std::free(real);
  return result;
}

// The target of a symbolic link; empty: the path is not a link.
std::string target_of(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t bytes = ::readlink(path.c_str(), target, sizeof target);
  return bytes < 0 ? "" : std::string(target, static_cast<std::size_t>(bytes));
}

std::string real_path(const std::string& path, int links_left) {
  std::string whole = resolved(path);
  if (!whole.empty()) return whole;
  const std::size_t slash = path.rfind('/');
  const std::string directory = resolved(slash == std::string::npos ? "." : path.substr(0, slash + 1));
  if (directory.empty()) throw system_error(errno, "realpath", path);
  const std::string within = directory == "/" ? "/" : directory + "/";
  whole = within + path.substr(slash + 1);
  const std::string target = target_of(whole);
  if (target.empty()) return whole;
  if (links_left == 0) throw system_error(ELOOP, "realpath", path);
  return real_path(target.front() == '/' ? target : within + target, links_left - 1);
}

}  // namespace

std::string real_path(const std::string& path) { return real_path(path, kMostLinks); }

}  // namespace h5tracks::system
