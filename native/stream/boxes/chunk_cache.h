// A cache of decoded chunks of one file, which serves repeated small reads. It evicts the least recently used chunk
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
  // On each axis, how many elements were within the dataset when the chunk was read. Appended rows do not change these;
  // any other change of values changes the count.
  Extents there;
  std::uint64_t change_count;
};

class ChunkCache {
 public:
  explicit ChunkCache(std::size_t capacity_bytes) : capacity_(capacity_bytes) {}

  std::size_t capacity() const { return capacity_; }

  // Finds the chunk at part.origin. None: it is absent, has another change count, or lacks elements of the part.
  std::shared_ptr<const DecodedChunk> find(const hdf5::Dataset& dataset, std::size_t rank, const Part& part,
                                           const hdf5::Box& box, std::uint64_t change_count);
  // The same for rows up to `stop` of a dataset whose chunks have whole rows; `origin` is the chunk's first row.
  std::shared_ptr<const DecodedChunk> find_rows(const hdf5::Dataset& dataset, const hdf5::Shape& shape, hsize_t origin,
                                                hsize_t stop, std::uint64_t change_count);
  void insert(const hdf5::Dataset& dataset, std::size_t rank, const Extents& origin,
              std::shared_ptr<const DecodedChunk> chunk);
  // Must be called before the dataset is destroyed, because its address is a part of the key.
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
  using Found = std::list<Entry>::iterator;
  // The end of the list: it is absent, or has another change count.
  Found look_up(const Key& key, std::uint64_t change_count);
  void erase(std::list<Entry>::iterator entry);

  const std::size_t capacity_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Entry> recent_;  // most recently used first
  std::map<Key, std::list<Entry>::iterator> index_;
};

}  // namespace h5tracks::stream
