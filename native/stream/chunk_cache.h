// Decoded chunks of one file, the least recently used ones dropped first: what repeated small windows are served from.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "hdf5/dataset.h"

namespace h5tracks::stream {

struct DecodedChunk {
  std::vector<unsigned char> values;
  // Rows that were in the dataset when it was read. Rows that are in a file never change; those behind them may.
  hsize_t rows;
};

class ChunkCache {
 public:
  explicit ChunkCache(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  using Key = std::pair<const hdf5::Dataset*, hsize_t>;  // the chunk's first row

  // None where it is absent or has fewer than `rows` rows.
  std::shared_ptr<const DecodedChunk> find(const Key& key, hsize_t rows);
  void insert(const Key& key, std::shared_ptr<const DecodedChunk> chunk);
  // Before the dataset's address may come to mean another one.
  void forget(const hdf5::Dataset* dataset);

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const DecodedChunk> chunk;
  };
  void erase(std::list<Entry>::iterator entry);

  const std::size_t capacity_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Entry> recent_;  // latest first
  std::map<Key, std::list<Entry>::iterator> index_;
};

}  // namespace h5tracks::stream
