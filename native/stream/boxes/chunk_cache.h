// Decoded chunks of one file: repeated small reads are served from it. The least recently used chunks are dropped
// first.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "hdf5/dataset/dataset.h"
#include "stream/boxes/chunk_walk.h"

namespace h5tracks::stream {

struct DecodedChunk {
  std::vector<unsigned char> values;
  // How many elements on each axis were within the dataset when it was read. Where rows are appended those that are
  // there stay as they are; whatever else happens to values changes the count.
  Extents there;
  std::uint64_t change_count;
};

class ChunkCache {
 public:
  explicit ChunkCache(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  std::size_t capacity() const { return capacity_; }

  // By its first element. None where it is absent, of another change count, or lacks elements that the part wants.
  std::shared_ptr<const DecodedChunk> find(const hdf5::Dataset& dataset, std::size_t rank, const Part& part,
                                           const hdf5::Box& box, std::uint64_t change_count);
  void insert(const hdf5::Dataset& dataset, std::size_t rank, const Extents& origin,
              std::shared_ptr<const DecodedChunk> chunk);
  // Before the dataset's address may come to mean another one.
  void forget(const hdf5::Dataset& dataset);

 private:
  struct Key {
    const hdf5::Dataset* dataset;
    std::size_t rank;
    Extents origin;
    bool operator<(const Key& other) const;
  };
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
