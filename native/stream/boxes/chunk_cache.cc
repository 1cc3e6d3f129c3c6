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
  const auto found = index_.find({&dataset, rank, part.origin});
  if (found == index_.end()) return nullptr;
  const auto& chunk = found->second->chunk;
  if (chunk->change_count != change_count) return nullptr;
  for (std::size_t i = 0; i < rank; ++i) {
    if (part.first[i] + (part.count[i] - 1) * box.stride[i] >= chunk->there[i]) return nullptr;
  }
  recent_.splice(recent_.begin(), recent_, found->second);
  return chunk;
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
