#include "hdf5/remote/remote_bytes.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "system/error.h"

namespace h5tracks::hdf5 {

std::uint64_t RemoteBytes::page_end(std::uint64_t page) const { return std::min((page + 1) * kPage, size_); }

bool RemoteBytes::read(std::uint64_t at, void* buffer, std::size_t size) {
  auto* out = static_cast<unsigned char*>(buffer);
  const std::uint64_t end = at >= size_ ? at : at + std::min<std::uint64_t>(size, size_ - at);
  const std::lock_guard<std::mutex> guard(mutex_);
  for (std::uint64_t from = at; from < end;) {
    const std::uint64_t number = from / kPage, to = std::min(end, page_end(number));
    const auto page = pages_.find(number);
    if (page == pages_.end()) {
      ++misses_;
      missed_.push_back({from, end});
      return false;
    }
    std::memcpy(out + (from - at), page->second.bytes.get() + from % kPage, to - from);
    recent_.splice(recent_.begin(), recent_, page->second.use);
    from = to;
  }
  std::memset(out + (end - at), 0, size - (end - at));
  return true;
}

std::uint64_t RemoteBytes::misses() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return misses_;
}

std::vector<RemoteBytes::Range> RemoteBytes::take_missed() {
  const std::lock_guard<std::mutex> guard(mutex_);
  return std::exchange(missed_, {});
}

std::vector<RemoteBytes::Range> RemoteBytes::absent(Range range) const {
  std::vector<Range> ranges;
  const std::uint64_t end = std::min(range.end, size_);
  const std::lock_guard<std::mutex> guard(mutex_);
  for (std::uint64_t page = range.begin / kPage; page * kPage < end; ++page) {
    if (pages_.count(page)) continue;
    if (!ranges.empty() && ranges.back().end == page * kPage) {
      ranges.back().end = page_end(page);
    } else {
      ranges.push_back({page * kPage, page_end(page)});
    }
  }
  return ranges;
}

void RemoteBytes::put(std::uint64_t at, const unsigned char* bytes, std::size_t size) {
  const std::uint64_t end = at + size;
  if (at % kPage != 0 || end > size_ || (end % kPage != 0 && end != size_))
    throw Error("ERR_INVALID_ARGUMENT", "fetched bytes must be whole pages of the file");
  const std::lock_guard<std::mutex> guard(mutex_);
  for (std::uint64_t from = at; from < end;) {
    const std::uint64_t number = from / kPage, to = page_end(number);
    if (pages_.count(number) == 0) {
      std::unique_ptr<unsigned char[]> copy(new unsigned char[to - from]);
      std::memcpy(copy.get(), bytes + (from - at), to - from);
      recent_.push_front(number);
      pages_.emplace(number, Page{std::move(copy), recent_.begin()});
    }
    from = to;
  }
}

void RemoteBytes::trim(std::uint64_t bytes) {
  const std::lock_guard<std::mutex> guard(mutex_);
  while (pages_.size() * kPage > bytes && !recent_.empty()) {
    pages_.erase(recent_.back());
    recent_.pop_back();
  }
}

void MissWatch::check(const std::string& path) const {
  if (!missed()) return;
  Error error("ERR_NOT_FETCHED", "'" + path +
                                     "' is remote, and the bytes that this call needs were not fetched: blocking calls "
                                     "do not wait for the network. Use the method that returns a promise");
  error.name_file(path);
  throw error;
}

}  // namespace h5tracks::hdf5
