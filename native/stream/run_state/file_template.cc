#include "stream/run_state/file_template.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <utility>

namespace h5tracks::stream {

namespace {

constexpr std::size_t kMost = 16, kLargest = std::size_t{1} << 20;

struct Kept {
  std::mutex mutex;
  // The latest use first.
  std::list<std::pair<std::string, std::shared_ptr<const FileTemplate>>> templates;
};

Kept& kept() {
  static auto* instance = new Kept;
  return *instance;
}

}  // namespace

// HDF5 stores the run id, a variable-length string, in a global heap, which has no checksum.
std::vector<unsigned char> FileTemplate::with(const std::string& run_id) const {
  std::vector<unsigned char> bytes = image;
  std::copy(run_id.begin(), run_id.end(), bytes.begin() + static_cast<std::ptrdiff_t>(mark));
  return bytes;
}

void keep_template(const std::string& key, FileTemplate made) {
  if (made.image.size() > kLargest) return;
  auto shared = std::make_shared<const FileTemplate>(std::move(made));
  Kept& all = kept();
  const std::lock_guard<std::mutex> guard(all.mutex);
  all.templates.remove_if([&](const auto& entry) { return entry.first == key; });
  all.templates.emplace_front(key, std::move(shared));
  if (all.templates.size() > kMost) all.templates.pop_back();
}

std::shared_ptr<const FileTemplate> template_for(const std::string& key) {
  Kept& all = kept();
  const std::lock_guard<std::mutex> guard(all.mutex);
  const auto found =
      std::find_if(all.templates.begin(), all.templates.end(), [&](const auto& entry) { return entry.first == key; });
  if (found == all.templates.end()) return nullptr;
  all.templates.splice(all.templates.begin(), all.templates, found);
  return found->second;
}

}  // namespace h5tracks::stream
