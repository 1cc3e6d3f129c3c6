// Work on many chunks of some boxes by several threads of the pool: each thread takes the next few chunks in the order
// of the file, until none is left or one has failed.
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

// Of the thread that starts something: whether it has better things to do until that is done.
enum class Caller { kGoesOn, kWaits };

class ChunkWork : public std::enable_shared_from_this<ChunkWork> {
 public:
  // Of one box: chunks by their numbers, so many at a time.
  struct Share {
    std::size_t box;
    hsize_t begin, end;
  };
  // Does a share. What it throws ends the work.
  using Step = std::function<void(const Share&)>;

  ChunkWork(Step step, Done done) : step_(std::move(step)), done_(std::move(done)) {}

  // Before start().
  void add(std::size_t box, hsize_t chunks, std::size_t chunk_bytes);
  // An error of what was done beside. The first one is told.
  void fail(const Error& error);
  // `done` is called once all is done. What is little is done on the calling thread; one that only waits takes part.
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
  std::size_t first_ = 0;  // of the boxes that have chunks left
  std::optional<Error> failure_;
};

}  // namespace h5tracks::stream
