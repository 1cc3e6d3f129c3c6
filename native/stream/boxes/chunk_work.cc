#include "stream/boxes/chunk_work.h"

#include <algorithm>
#include <new>

namespace h5tracks::stream {

namespace {

// Small chunks are taken several at a time; otherwise threads would mostly wait for the mutex.
constexpr std::size_t kShareBytes = std::size_t{256} << 10;
constexpr hsize_t kMostOfShare = 64;
// After this many bytes a thread yields, so that other lanes get their turn.
constexpr std::size_t kTurnBytes = std::size_t{8} << 20;

}  // namespace

void ChunkWork::add(std::size_t box, hsize_t chunks, std::size_t chunk_bytes) {
  const auto at_once = std::clamp<hsize_t>(kShareBytes / std::max<std::size_t>(chunk_bytes, 1), 1, kMostOfShare);
  boxes_.push_back({box, 0, chunks, at_once, chunk_bytes});
  shares_ += (chunks + at_once - 1) / at_once;
  bytes_ = std::min<std::size_t>(bytes_ + std::min<hsize_t>(chunks, kShareBytes) * chunk_bytes, kShareBytes + 1);
}

void ChunkWork::fail(const Error& error) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!failure_) failure_ = error;
}

void ChunkWork::start(Caller caller) {
  const bool little = bytes_ <= kShareBytes;
  const bool takes_part = little || caller == Caller::kWaits;
  runners_ = static_cast<unsigned>(std::clamp<hsize_t>(shares_, 1, EncodePool::default_threads()));
  if (little) runners_ = 1;
  std::vector<Task> tasks(runners_ - (takes_part ? 1 : 0), [self = shared_from_this()] { self->run(); });
  if (!tasks.empty()) EncodePool::instance().post(lane_, std::move(tasks));
  if (!takes_part) return;
  while (do_some()) continue;
  finish_one();
}

std::optional<ChunkWork::Share> ChunkWork::take(std::size_t& bytes) {
  const std::lock_guard<std::mutex> guard(mutex_);
  while (first_ < boxes_.size() && boxes_[first_].next == boxes_[first_].end) ++first_;
  if (failure_ || first_ == boxes_.size()) return std::nullopt;
  Box& box = boxes_[first_];
  const Share share{box.index, box.next, std::min(box.end, box.next + box.at_once)};
  box.next = share.end;
  bytes += (share.end - share.begin) * box.chunk_bytes;
  return share;
}

// False: no share is left.
bool ChunkWork::do_some() {
  std::size_t bytes = 0;
  while (bytes < kTurnBytes) {
    const auto share = take(bytes);
    if (!share) return false;
    try {
      step_(*share);
    } catch (const Error& error) {
      fail(error);
    } catch (const std::bad_alloc&) {
      fail(Error("ENOMEM", "not enough memory for a chunk"));
    }
  }
  return true;
}

void ChunkWork::run() {
  if (do_some()) return EncodePool::instance().post(lane_, {[self = shared_from_this()] { self->run(); }});
  finish_one();
}

void ChunkWork::finish_one() {
  if (runners_.fetch_sub(1) == 1) done_(failure_);
}

}  // namespace h5tracks::stream
