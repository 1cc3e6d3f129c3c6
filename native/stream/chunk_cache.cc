#include "stream/chunk_cache.h"

namespace h5tracks::stream {

std::shared_ptr<const DecodedChunk> ChunkCache::find(const Key& key, hsize_t rows) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end() || found->second->chunk->rows < rows) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->chunk;
}

void ChunkCache::insert(const Key& key, std::shared_ptr<const DecodedChunk> chunk) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (chunk->values.size() > capacity_) return;
  if (const auto found = index_.find(key); found != index_.end()) erase(found->second);
  bytes_ += chunk->values.size();
  recent_.push_front({key, std::move(chunk)});
  index_[key] = recent_.begin();
  while (bytes_ > capacity_) erase(std::prev(recent_.end()));
}

void ChunkCache::forget(const hdf5::Dataset* dataset) {
  const std::lock_guard<std::mutex> guard(mutex_);
  for (auto entry = recent_.begin(); entry != recent_.end();) {
    const auto next = std::next(entry);
    if (entry->key.first == dataset) erase(entry);
    entry = next;
  }
}

void ChunkCache::erase(std::list<Entry>::iterator entry) {
  bytes_ -= entry->chunk->values.size();
  index_.erase(entry->key);
  recent_.erase(entry);
}

}  // namespace h5tracks::stream
