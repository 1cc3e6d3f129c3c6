// Processes the chunks of one or several boxes on the pool's threads. Each thread takes the next few chunks in the
// order of the file, until none is left or one has failed.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "stream/boxes/chunk_walk.h"
#include "stream/threads/done.h"
#include "stream/threads/threads.h"

namespace h5tracks::stream {

// What the calling thread does until the work is done.
enum class Caller { kGoesOn, kWaits };

class ChunkWork : public std::enable_shared_from_this<ChunkWork> {
 public:
  // A few consecutive chunks of one box.
  struct Share {
    std::size_t box;
    hsize_t begin, end;
  };
  // Processes a share. An Error that it throws ends the work.
  using Step = std::function<void(const Share&)>;

  ChunkWork(Step step, Done done) : step_(std::move(step)), done_(std::move(done)) {}

  // Must be called before start().
  void add(std::size_t box, hsize_t chunks, std::size_t chunk_bytes);
  // Reports an error that happened outside of the work. The first error wins.
  void fail(const Error& error);
  // `done` is called once all work is done. A small amount of work is done on the calling thread; a caller that waits
  // takes part in any case.
  void start(Caller caller);

 private:
  struct Box {
    std::size_t index;
    hsize_t next, end, at_once;
    std::size_t chunk_bytes;
  };
  std::optional<Share> take(std::size_t& bytes);
  bool do_some();
  void run();
  void finish_one();

  const Step step_;
  const Done done_;
  const std::shared_ptr<EncodePool::Lane> lane_ = std::make_shared<EncodePool::Lane>();
  std::size_t bytes_ = 0;
  hsize_t shares_ = 0;
  std::atomic<unsigned> runners_{0};

  std::mutex mutex_;
  // Guarded by the mutex.
  std::vector<Box> boxes_;
  std::size_t first_ = 0;  // the first box that has chunks left
  std::optional<Error> failure_;
};

}  // namespace h5tracks::stream
