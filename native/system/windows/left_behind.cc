#include "system/windows/left_behind.h"

#include <windows.h>

#include <algorithm>
#include <mutex>
#include <vector>

namespace h5tracks::system {

namespace {

struct LeftBehind {
  std::mutex mutex;
  std::vector<std::wstring> paths;
};

LeftBehind& left_behind() {
  static auto* instance = new LeftBehind;
  return *instance;
}

bool is_gone(const std::wstring& path) {
  return ::DeleteFileW(path.c_str()) || ::GetLastError() == ERROR_FILE_NOT_FOUND;
}

}  // namespace

void add_left_behind(std::wstring path) {
  const std::lock_guard<std::mutex> guard(left_behind().mutex);
  left_behind().paths.push_back(std::move(path));
}

void remove_all_left_behind() {
  LeftBehind& all = left_behind();
  const std::lock_guard<std::mutex> guard(all.mutex);
  all.paths.erase(std::remove_if(all.paths.begin(), all.paths.end(), is_gone), all.paths.end());
}

}  // namespace h5tracks::system
