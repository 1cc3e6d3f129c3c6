#include "stream/boxes/chunk_cache.h"

#include <algorithm>
#include <functional>

namespace h5tracks::stream {

namespace {

// Includes an estimate of the bookkeeping, so that the number of small chunks is bounded too.
std::size_t cost_of(const DecodedChunk& chunk) { return chunk.values.size() + 1024; }

}  // namespace

bool ChunkCache::Key::operator<(const Key& other) const {
  if (dataset != other.dataset) return std::less<>()(dataset, other.dataset);
  return std::lexicographical_compare(origin.begin(), origin.begin() + rank, other.origin.begin(),
                                      other.origin.begin() + other.rank);
}

std::shared_ptr<const DecodedChunk> ChunkCache::find(const hdf5::Dataset& dataset, std::size_t rank, const Part& part,
                                                     const hdf5::Box& box, std::uint64_t change_count) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto found = look_up({&dataset, rank, part.origin}, change_count);
  if (found == recent_.end()) return nullptr;
  for (std::size_t i = 0; i < rank; ++i) {
    if (part.first[i] + (part.count[i] - 1) * box.stride[i] >= found->chunk->there[i]) return nullptr;
  }
  recent_.splice(recent_.begin(), recent_, found);
  return found->chunk;
}

std::shared_ptr<const DecodedChunk> ChunkCache::find_rows(const hdf5::Dataset& dataset, const hdf5::Shape& shape,
                                                          hsize_t origin, hsize_t stop, std::uint64_t change_count) {
  Key key{&dataset, shape.size(), {}};
  key.origin[0] = origin;
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto found = look_up(key, change_count);
  if (found == recent_.end() || stop - origin > found->chunk->there[0]) return nullptr;
  for (std::size_t i = 1; i < shape.size(); ++i) {
    if (shape[i] > found->chunk->there[i]) return nullptr;
  }
  recent_.splice(recent_.begin(), recent_, found);
  return found->chunk;
}

ChunkCache::Found ChunkCache::look_up(const Key& key, std::uint64_t change_count) {
  const auto found = index_.find(key);
  if (found == index_.end() || found->second->chunk->change_count != change_count) return recent_.end();
  return found->second;
}

void ChunkCache::insert(const hdf5::Dataset& dataset, std::size_t rank, const Extents& origin,
                        std::shared_ptr<const DecodedChunk> chunk) {
  const Key key{&dataset, rank, origin};
  const std::lock_guard<std::mutex> guard(mutex_);
  if (cost_of(*chunk) > capacity_) return;
  if (const auto found = index_.find(key); found != index_.end()) erase(found->second);
  bytes_ += cost_of(*chunk);
  recent_.push_front({key, std::move(chunk)});
  index_[key] = recent_.begin();
  while (bytes_ > capacity_) erase(std::prev(recent_.end()));
}

void ChunkCache::forget(const hdf5::Dataset& dataset) {
  const std::lock_guard<std::mutex> guard(mutex_);
  for (auto entry = recent_.begin(); entry != recent_.end();) {
    const auto next = std::next(entry);
    if (entry->key.dataset == &dataset) erase(entry);
    entry = next;
  }
}

void ChunkCache::erase(std::list<Entry>::iterator entry) {
  bytes_ -= cost_of(*entry->chunk);
  index_.erase(entry->key);
  recent_.erase(entry);
}

}  // namespace h5tracks::stream
