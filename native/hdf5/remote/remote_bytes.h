// The bytes of a remote file that were fetched so far. A read of other bytes fails at once and is remembered, so that
// they can be fetched without the Lock and the read tried again. Thread-safe; needs no Lock.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace h5tracks::hdf5 {

class RemoteBytes {
 public:
  // Bytes are kept in pages of this size; only the last page of the file may be shorter.
  static constexpr std::uint64_t kPage = 4096;

  struct Range {
    std::uint64_t begin, end;
  };

  explicit RemoteBytes(std::uint64_t size) : size_(size) {}

  std::uint64_t size() const { return size_; }
  // Bytes beyond the end of the file are zeros. False: some bytes are missing.
  bool read(std::uint64_t at, void* buffer, std::size_t size);
  // How many reads have failed.
  std::uint64_t misses() const;
  // The ranges of failed reads since the last call.
  std::vector<Range> take_missed();
  // The pages of a range that are missing, as ascending ranges of whole pages within the file.
  std::vector<Range> absent(Range range) const;
  // Keeps bytes that begin at a page. Of the last page they may have only a part if the file ends there.
  void put(std::uint64_t at, const unsigned char* bytes, std::size_t size);
  // Drops the pages that were used longest ago, until no more than `bytes` are kept.
  void trim(std::uint64_t bytes);

 private:
  struct Page {
    std::unique_ptr<unsigned char[]> bytes;
    std::list<std::uint64_t>::iterator use;
  };

  std::uint64_t page_end(std::uint64_t page) const;

  const std::uint64_t size_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Page> pages_;  // by their number
  std::list<std::uint64_t> recent_;                // most recently used first
  std::vector<Range> missed_;
  std::uint64_t misses_ = 0;
};

// Watches for reads that fail while it lives. Whatever was read meanwhile may be wrong, also if no error was thrown,
// because HDF5 takes some failures for the absence of an object.
class MissWatch {
 public:
  // Null: the file is not remote.
  explicit MissWatch(std::shared_ptr<RemoteBytes> bytes)
      : bytes_(std::move(bytes)), before_(bytes_ ? bytes_->misses() : 0) {}

  bool missed() const { return bytes_ && bytes_->misses() != before_; }
  // Runs `step`, and throws ERR_NOT_FETCHED if a read failed.
  template <typename Step>
  void run(const std::string& path, Step step) const {
    try {
      step();
    } catch (...) {
      check(path);
      throw;
    }
    check(path);
  }
  // Throws ERR_NOT_FETCHED if a read failed.
  void check(const std::string& path) const;

 private:
  const std::shared_ptr<RemoteBytes> bytes_;
  const std::uint64_t before_;
};

}  // namespace h5tracks::hdf5
