// The second half of a block's life: the pool encodes it, the I/O thread commits it, the journal records it, and it is
// free again.
#include <algorithm>

#include "codec/choice.h"
#include "hdf5/core/lock.h"
#include "stream/blocks/block_writer.h"
#include "stream/blocks/stopwatch.h"

namespace h5tracks::stream {

namespace {

// An upper bound of what a block adds to the file: its chunks, and nodes of each dataset's chunk index.
hsize_t room_for(const std::vector<codec::Bytes>& chunks) {
  constexpr hsize_t kIndex = 8 << 10, kSpare = 64 << 10;
  hsize_t bytes = kSpare;
  for (const codec::Bytes& chunk : chunks) bytes += chunk.size() + kIndex;
  return bytes;
}

void count(const BlockStep& step, StreamStats& stats) {
  ++stats.blocks;
  stats.commit_seconds += *step.commit_seconds;
  for (std::size_t i = 0; i < step.chunks.size(); ++i) {
    stats.raw_bytes += step.block->column_bytes(i);
    stats.stored_bytes += step.chunks[i].size();
  }
}

}  // namespace

void BlockWriter::encode(BlockStep& step, std::size_t index) noexcept {
  const Stopwatch stopwatch;
  try {
    const Column& column = step.stream->layout_.columns[index];
    codec::Bytes& chunk = step.chunks[index];
    const std::vector<unsigned char> padded =
        step.recycle ? std::vector<unsigned char>() : step.block->padded_column(index, step.rows);
    const unsigned char* values = step.recycle ? step.block->column(index) : padded.data();
    codec::Effort effort = column.effort;
    if (step.thorough && (effort.encoder == codec::Encoder::kFast || effort.encoder == codec::Encoder::kFastOrBest)) {
      effort.encoder = codec::Encoder::kThorough;
    }
    const std::size_t bytes = step.block->column_bytes(index);
    codec::Chosen made = hdf5::kKeepsMasks ? codec::encode_well(column.filters, values, bytes, effort)
                                           : codec::Chosen{column.filters.encode(values, bytes, effort), 0};
    chunk = std::move(made.bytes);
    step.skipped[index] = static_cast<std::uint16_t>(made.skipped);
    if (step.recycle) step.crcs[index] = journal::crc32(chunk.data(), chunk.size());
  } catch (const std::exception& error) {
    fail(Error("ENOMEM", std::string("a block could not be encoded: ") + error.what()));
  }
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    step.stream->stats_.encode_seconds += stopwatch.seconds();
  }
  if (step.columns_left.fetch_sub(1) != 1) return;
  IoThread::instance().post([self = shared_from_this()] { self->commit_encoded(); });
}

// On the I/O thread: commits encoded steps from the head of the queue, in order.
void BlockWriter::commit_encoded() {
  for (;;) {
    std::shared_ptr<BlockStep> step;
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      if (in_flight_.empty() || in_flight_.front()->columns_left != 0) return;
      step = std::move(in_flight_.front());
      in_flight_.pop_front();
      if (in_flight_.empty()) idle_since_ = now();
    }
    commit(*step);
    finish(*step);
  }
}

void BlockWriter::commit(BlockStep& step) {
  const Stopwatch stopwatch;
  attempt([&] {
    throw_failure();
    if (step.block || step.flush) write(step);
    if (step.recycle) step.commit_seconds = stopwatch.seconds();
    if (step.sync) sync_rows();
  });
  if (step.close) shut();
}

void BlockWriter::write(BlockStep& step) {
  std::vector<journal::ChunkPlace> places;
  {
    const hdf5::Lock lock;
    if (step.block) places = write_chunks(step);
    if (step.flush) file_->flush_locked();
  }
  // Without `recycle` the block is still open. Its chunk is not full and is written again later, perhaps elsewhere, so
  // its rows stay in the slot.
  if (!step.recycle) return;
  BlockStream& stream = *step.stream;
  run_.tell(stream.index_, step.base, step.rows, std::move(places));
  stream.rows_committed_ = step.base + step.rows;
  if (run_.outlasts_power()) stream.durable_rows_ = stream.rows_committed_;
}

// The caller must hold the Lock.
std::vector<journal::ChunkPlace> BlockWriter::write_chunks(const BlockStep& step) {
  BlockStream& stream = *step.stream;
  const Datasets& datasets = stream.datasets();
  // A full disk shows here, before anything in the file changes.
  file_->reserve_locked(room_for(step.chunks));
  std::vector<journal::ChunkPlace> places;
  const auto set_rows = [&](hsize_t rows) {
    for (const auto& dataset : datasets) dataset->set_rows(rows);
    stream.rows_in_file_ = rows;
  };
  try {
    // If a part of this block was published before, removes its rows first. HDF5 frees a chunk before it writes the new
    // one in its place; if that write fails, later calls would free it twice or decode what lies there now.
    if (stream.rows_in_file_ > step.base) set_rows(step.base);
    set_rows(step.base + step.rows);
    for (std::size_t i = 0; i < datasets.size(); ++i) {
      const codec::Bytes& chunk = step.chunks[i];
      const haddr_t address = datasets[i]->write_chunk(step.base, chunk.data(), chunk.size(), step.skipped[i]);
      places.push_back({address, chunk.size(), step.crcs[i], 1, step.skipped[i]});
    }
  } catch (...) {
    // Rows without chunks would read as fill values, that is, as "no fish".
    for (const auto& dataset : datasets) {
      try {
        dataset->set_rows(step.base);
      } catch (const Error&) {
        // Report the first error.
      }
    }
    stream.rows_in_file_ = step.base;
    throw;
  }
  return places;
}

// Syncs, of each stream, the oldest block that is not in the file; all rows before it are durable already.
void BlockWriter::sync_rows() {
  std::vector<Run::OpenRows> all;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const auto open = oldest_rows(i);
    if (open && open->base + open->rows > streams_[i]->durable_rows_) all.push_back(*open);
  }
  if (all.empty()) return;
  run_.sync_rows(all);
  for (const Run::OpenRows& open : all) streams_[open.stream]->durable_rows_ = open.base + open.rows;
}

// None: the stream has no such rows.
std::optional<Run::OpenRows> BlockWriter::oldest_rows(std::size_t index) const {
  const BlockStream& stream = *streams_[index];
  std::optional<std::size_t> block;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto is_submitted = [&](const auto& step) { return step->recycle && step->stream == &stream; };
    const auto submitted = std::find_if(in_flight_.begin(), in_flight_.end(), is_submitted);
    block = submitted == in_flight_.end() ? stream.open_block_ : (*submitted)->recycle;
  }
  const std::size_t rows = block ? static_cast<std::size_t>(stream.blocks()[*block]->counted_rows()) : 0;
  if (rows == 0) return std::nullopt;
  return Run::OpenRows{index, *block, stream.rows_committed_, rows};
}

void BlockWriter::finish(BlockStep& step) {
  std::optional<Error> failure;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    failure = failure_;
  }
  const bool spare = step.recycle && !failure;
  if (spare) step.block->recycle();
  if (spare && step.blank) step.block->blank();
  {
    // Under one lock, so that a block is always either in flight or counted.
    const std::lock_guard<std::mutex> guard(mutex_);
    if (step.commit_seconds) count(step, step.stream->stats_);
    if (spare) step.stream->free_blocks_.push_back(*step.recycle);
  }
  changed_.notify_all();
  if (step.done) step.done(failure);
}

}  // namespace h5tracks::stream
