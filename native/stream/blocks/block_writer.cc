#include "stream/blocks/block_writer.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "stream/blocks/stopwatch.h"
#include "stream/threads/interval_timer.h"

namespace h5tracks::stream {

namespace {

// Open writers belong to the process, not to JavaScript: a forgotten writer still gets its rows into the file.
struct Registry {
  std::mutex mutex;
  std::set<std::shared_ptr<BlockWriter>> writers;
};

Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

}  // namespace

BlockWriter::BlockWriter(std::shared_ptr<hdf5::File> file, WriterOptions options, const void* owner)
    : owner_(owner),
      lane_(std::make_shared<EncodePool::Lane>(options.threads)),
      file_(std::move(file)),
      streams_(open_streams(std::move(options.streams), options.run.new_file)),
      run_(file_, options.run, run_streams()) {
  for (const auto& stream : streams_) stream->begin();
}

BlockWriter::Streams BlockWriter::open_streams(std::vector<StreamOptions> options, bool later) {
  Streams streams;
  for (StreamOptions& given : options) {
    streams.emplace_back(new BlockStream(*this, streams.size(), *file_, std::move(given), later));
  }
  return streams;
}

std::vector<RunStream> BlockWriter::run_streams() const {
  std::vector<RunStream> streams;
  for (const auto& stream : streams_) streams.push_back(stream->run_stream());
  return streams;
}

std::shared_ptr<BlockWriter> BlockWriter::open(std::shared_ptr<hdf5::File> file, WriterOptions options,
                                               const void* owner) {
  const auto interval = options.run.sync_interval;
  std::shared_ptr<BlockWriter> writer(new BlockWriter(std::move(file), std::move(options), owner));
  {
    const std::lock_guard<std::mutex> guard(writer->mutex_);
    for (const auto& stream : writer->streams_) stream->prepare_ahead();
  }
  if (writer->run_.outlasts_power() && interval.count() > 0) {
    IntervalTimer::instance().add(interval, [weak = std::weak_ptr<BlockWriter>(writer)] {
      const auto open = weak.lock();
      if (!open || !open->is_open()) return false;
      open->sync();
      return true;
    });
  }
  {
    const std::lock_guard<std::mutex> guard(registry().mutex);
    registry().writers.insert(writer);
  }
  // While the first frames are written.
  IoThread::instance().post([writer] { writer->open_datasets(); });
  return writer;
}

void BlockWriter::close_all(const void* owner) {
  std::set<std::shared_ptr<BlockWriter>> writers;
  {
    const std::lock_guard<std::mutex> guard(registry().mutex);
    writers = registry().writers;
  }
  for (const auto& writer : writers) {
    if (owner && writer->owner_ != owner) continue;
    try {
      wait_for([&](Done done) { writer->close(std::move(done)); });
    } catch (const Error&) {
      // Nobody is left to receive the error, and the remaining writers must be closed too.
    }
  }
}

void BlockWriter::open_datasets() {
  attempt([&] {
    for (const auto& stream : streams_) stream->datasets();
  });
}

bool BlockWriter::is_open() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return !closing_;
}

void BlockWriter::throw_failure() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (failure_) throw *failure_;
}

// The caller must hold the mutex.
void BlockWriter::refuse_closed() const {
  if (!closing_) return;
  Error error("ERR_CLOSED", "'" + file_->path + "' is closed");
  error.name_file(file_->path);
  throw error;
}

// Steps that commit the counted rows of the open blocks. JavaScript goes on filling these blocks, and submits the whole
// of them later. One step without a block if there are no such rows. The caller must hold the mutex.
std::vector<std::shared_ptr<BlockStep>> BlockWriter::open_rows() const {
  std::vector<std::shared_ptr<BlockStep>> steps;
  for (const auto& stream : streams_) {
    if (auto step = stream->counted_rows()) steps.push_back(std::move(step));
  }
  if (steps.empty()) steps.push_back(std::make_shared<BlockStep>());
  return steps;
}

void BlockWriter::drain(Done done) {
  auto step = std::make_shared<BlockStep>();
  step->done = std::move(done);
  const std::lock_guard<std::mutex> guard(mutex_);
  refuse_closed();
  enqueue(step);
}

void BlockWriter::sync() {
  auto step = std::make_shared<BlockStep>();
  step->sync = true;
  const std::lock_guard<std::mutex> guard(mutex_);
  // If the disk is slower than the interval, one waiting sync is enough.
  const auto waits = [](const auto& other) { return other->sync; };
  if (!closing_ && std::none_of(in_flight_.begin(), in_flight_.end(), waits)) enqueue(step);
}

void BlockWriter::flush(Done done) {
  const std::lock_guard<std::mutex> guard(mutex_);
  refuse_closed();
  const auto steps = open_rows();
  steps.back()->done = std::move(done);
  steps.back()->flush = true;
  steps.back()->sync = run_.outlasts_power();
  for (const auto& step : steps) enqueue(step);
}

void BlockWriter::close(Done done) {
  const std::lock_guard<std::mutex> guard(mutex_);
  auto steps = closing_ ? std::vector{std::make_shared<BlockStep>()} : open_rows();
  for (const auto& step : steps) {
    if (step->block) step->stream->rows_at_close_ = step->rows;
  }
  steps.back()->done = std::move(done);
  steps.back()->close = true;
  // The journal still describes these rows until its removal is durable.
  steps.back()->sync = run_.outlasts_power();
  closing_ = true;
  changed_.notify_all();
  for (const auto& step : steps) enqueue(step);
}

void BlockWriter::attempt(const std::function<void()>& action) {
  try {
    action();
  } catch (Error& error) {
    error.name_file(file_->path);
    fail(error);
  }
}

// A thread that goes on filling while the process exits may have counted more rows than closing commits.
bool BlockWriter::has_all_rows() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto is_whole = [](const auto& stream) { return !stream->has_more_than(stream->rows_at_close_); };
  return !failure_ && std::all_of(streams_.begin(), streams_.end(), is_whole);
}

// Closes the file, whatever failed before.
void BlockWriter::shut() {
  if (closed_) return;
  closed_ = true;
  attempt([&] {
    if (has_all_rows()) run_.mark_closed();
  });
  // Even if that failed.
  attempt([&] {
    file_->close([&] {
      if (has_all_rows()) run_.end_well();
    });
  });
  run_.end();
  const std::lock_guard<std::mutex> guard(registry().mutex);
  registry().writers.erase(shared_from_this());
}

// Whether a block may be encoded thoroughly, which takes two to four times as long. A large one may if it is full and
// not the first, and if the threads have rested for as long as a block takes them: a writer at full speed leaves them
// no such rest. A small one may unless the threads are behind; until one is in the file, which says what small means,
// only one at a time. The caller must hold the mutex.
bool BlockWriter::has_time_for(const BlockStep& step) const {
  constexpr std::size_t kSmall = std::size_t{3} << 19, kSmallStored = kSmall / 8;
  constexpr std::size_t kBehind = 3;
  const BlockLayout& layout = step.stream->layout_;
  const StreamStats& stats = step.stream->stats_;
  // Runs of fill values take no time, so what the blocks before took in the file says more than their values.
  const bool is_small = stats.blocks > 0 ? stats.stored_bytes / stats.blocks <= kSmallStored
                                         : layout.bytes / layout.rows * step.rows <= kSmall;
  if (is_small) return in_flight_.size() < (stats.blocks > 0 ? kBehind : 1);
  if (!step.recycle || stats.blocks == 0 || !in_flight_.empty() || EncodePool::instance().is_waited_for()) return false;
  return seconds_since(idle_since_) > stats.encode_seconds / static_cast<double>(stats.blocks);
}

// The caller must hold the mutex.
void BlockWriter::enqueue(const std::shared_ptr<BlockStep>& step) {
  const std::size_t columns = step->block ? step->stream->layout_.columns.size() : 0;
  step->chunks.resize(columns);
  step->crcs.resize(columns);
  step->skipped.resize(columns);
  step->columns_left = columns;
  step->thorough = step->block && has_time_for(*step);
  in_flight_.push_back(step);
  const auto self = shared_from_this();
  if (columns == 0) IoThread::instance().post([self] { self->commit_encoded(); });
  std::vector<Task> tasks;
  for (std::size_t column = 0; column < columns; ++column) {
    tasks.emplace_back([self, step, column] { self->encode(*step, column); });
  }
  if (columns > 0) EncodePool::instance().post(lane_, std::move(tasks));
}

void BlockWriter::fail(const Error& error) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    // Later failures are consequences of the first.
    if (!failure_) failure_ = error;
  }
  __atomic_store_n(failed_flag_.get(), 1, __ATOMIC_RELEASE);
  changed_.notify_all();
}

}  // namespace h5tracks::stream
