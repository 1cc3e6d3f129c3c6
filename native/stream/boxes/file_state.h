// What all datasets of one open file share: the chunk cache and the request queue.
#pragma once

#include <memory>

#include "stream/boxes/chunk_cache.h"
#include "stream/threads/request_queue.h"

namespace h5tracks::stream {

struct FileState {
  // Enough for the decoded chunks of several windows.
  static constexpr std::size_t kCacheBytes = std::size_t{16} << 20;

  const std::shared_ptr<ChunkCache> cache = std::make_shared<ChunkCache>(kCacheBytes);
  const std::shared_ptr<RequestQueue> requests = std::make_shared<RequestQueue>();
};

}  // namespace h5tracks::stream
