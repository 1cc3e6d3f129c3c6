#include "hdf5/file/unopened.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace h5tracks::hdf5 {

namespace {

struct Unopened {
  const system::FileLock* lock;
  std::function<void()> open;
};

std::vector<Unopened>& unopened() {
  static auto* files = new std::vector<Unopened>;
  return *files;
}

}  // namespace

void add_unopened(const system::FileLock& lock, std::function<void()> open) {
  unopened().push_back({&lock, std::move(open)});
}

void remove_unopened(const system::FileLock& lock) {
  auto& files = unopened();
  files.erase(std::remove_if(files.begin(), files.end(), [&](const Unopened& file) { return file.lock == &lock; }),
              files.end());
}

void open_unopened(const system::FileLock& reader) {
  const auto& files = unopened();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const Unopened& file) { return file.lock->is_same_file(reader); });
  if (found == files.end()) return;
  // Opening removes the entry.
  const std::function<void()> open = found->open;
  open();
}

}  // namespace h5tracks::hdf5
