#include "stream/blocks/block_writer.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "hdf5/core/lock.h"
#include "hdf5/dataset/open_dataset.h"
#include "stream/blocks/column_match.h"
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

Error closed_error(const std::string& path) {
  Error error("ERR_CLOSED", "'" + path + "' is closed");
  error.name_file(path);
  return error;
}

// Chunks are written as bytes, so a dataset of another form would be damaged by them.
void check(const hdf5::Dataset& dataset, const Column& column, std::size_t rows) {
  const hdf5::DatasetInfo info = dataset.info();
  if (has_rows_of(info, column.type, column.row_values, rows) &&
      has_filters(info, column.filters.shuffles(), column.filters.level().has_value(), hdf5::size_of(column.type))) {
    return;
  }
  throw Error("ERR_FORMAT", "'" + dataset.path + "' cannot take chunks of " + std::to_string(rows) + " rows of " +
                                std::to_string(column.row_values) + " " + hdf5::name_of(column.type) +
                                " values: its type, chunks or filters differ");
}

Datasets open_datasets(hdf5::File& file, const BlockLayout& layout) {
  Datasets datasets;
  for (const Column& column : layout.columns) {
    datasets.push_back(open_dataset(file, column.path));
    check(*datasets.back(), column, layout.rows);
  }
  return datasets;
}

}  // namespace

BlockWriter::BlockWriter(std::shared_ptr<hdf5::File> file, WriterOptions options, const void* owner)
    : owner_(owner),
      layout_(std::move(options.columns), options.rows),
      lane_(std::make_shared<EncodePool::Lane>(options.threads)),
      file_(std::move(file)),
      datasets_(open_datasets(*file_, layout_)),
      rows_in_file_(options.base + options.tail),
      rows_committed_(options.base),
      run_(file_, options.run, layout_, datasets_, options.base, options.tail, options.blocks),
      unprepared_(options.blocks),
      next_base_(options.base) {
  durable_rows_ = run_.durable_rows();
  if (options.tail == 0) return;
  open_block_ = 0;
  --unprepared_;
}

std::shared_ptr<BlockWriter> BlockWriter::open(std::shared_ptr<hdf5::File> file, WriterOptions options,
                                               const void* owner) {
  const auto interval = options.run.sync_interval;
  std::shared_ptr<BlockWriter> writer(new BlockWriter(std::move(file), std::move(options), owner));
  {
    const std::lock_guard<std::mutex> guard(writer->mutex_);
    writer->prepare_ahead();
  }
  if (writer->run_.outlasts_power() && interval.count() > 0) {
    IntervalTimer::instance().add(interval, [weak = std::weak_ptr<BlockWriter>(writer)] {
      const auto open = weak.lock();
      if (!open || !open->is_open()) return false;
      open->sync();
      return true;
    });
  }
  const std::lock_guard<std::mutex> guard(registry().mutex);
  registry().writers.insert(writer);
  return writer;
}

// Prepares blocks before they are needed, piece by piece and alternating with encoding, so that a slow writer touches
// only as much memory as it uses. The caller must hold the mutex.
void BlockWriter::prepare_ahead() {
  while (blocks().size() - unprepared_ < run_.blank_blocks()) free_blocks_.push_back(blocks().size() - unprepared_--);
  if (failure_ || closing_ || !free_blocks_.empty() || unprepared_ == 0) return;
  preparing_ = true;
  EncodePool::instance().post(prepare_lane_, {[self = shared_from_this()] { self->prepare(); }});
}

void BlockWriter::prepare() {
  attempt([&] { run_.prepare(); });
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    preparing_ = false;
    prepare_ahead();
  }
  changed_.notify_all();
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

bool BlockWriter::is_open() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return !closing_;
}

void BlockWriter::throw_failure() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (failure_) throw *failure_;
}

std::size_t BlockWriter::acquire() {
  std::unique_lock<std::mutex> guard(mutex_);
  if (closing_) throw closed_error(file_->path);
  if (open_block_) return *open_block_;
  const auto may_go_on = [this] { return failure_ || closing_ || !free_blocks_.empty(); };
  if (!may_go_on()) {
    const Stopwatch stopwatch;
    changed_.wait(guard, may_go_on);
    stats_.longest_wait_seconds = std::max(stats_.longest_wait_seconds, stopwatch.seconds());
  }
  if (failure_) throw *failure_;
  if (closing_) throw closed_error(file_->path);
  open_block_ = free_blocks_.back();
  free_blocks_.pop_back();
  if (!preparing_) prepare_ahead();
  blocks()[*open_block_]->set_base(next_base_);
  return *open_block_;
}

bool BlockWriter::submit(bool blank) {
  auto step = std::make_shared<BlockStep>();
  std::unique_lock<std::mutex> guard(mutex_);
  if (closing_ || !open_block_) throw closed_error(file_->path);
  step->block = blocks()[*open_block_];
  step->recycle = open_block_;
  step->blank = blank;
  step->base = next_base_;
  step->rows = layout_.rows;
  next_base_ += layout_.rows;
  open_block_.reset();
  enqueue(step);
  return !free_blocks_.empty() || unprepared_ > 0;
}

void BlockWriter::drain(Done done) {
  auto step = std::make_shared<BlockStep>();
  step->done = std::move(done);
  const std::lock_guard<std::mutex> guard(mutex_);
  if (closing_) throw closed_error(file_->path);
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
  auto step = std::make_shared<BlockStep>();
  step->done = std::move(done);
  step->flush = true;
  step->sync = run_.outlasts_power();
  const std::lock_guard<std::mutex> guard(mutex_);
  if (closing_) throw closed_error(file_->path);
  if (open_block_ && blocks()[*open_block_]->counted_rows() > 0) {
    // Publishes these rows. JavaScript goes on filling the same block, and submits the whole of it later.
    step->block = blocks()[*open_block_];
    step->base = next_base_;
    step->rows = static_cast<std::size_t>(step->block->counted_rows());
  }
  enqueue(step);
}

void BlockWriter::close(Done done) {
  auto step = std::make_shared<BlockStep>();
  step->done = std::move(done);
  step->close = true;
  // The journal still describes these rows until its removal is durable.
  step->sync = run_.outlasts_power();
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!closing_ && open_block_ && blocks()[*open_block_]->counted_rows() > 0) {
    step->block = blocks()[*open_block_];
    step->base = next_base_;
    step->rows = static_cast<std::size_t>(step->block->counted_rows());
  }
  closing_ = true;
  changed_.notify_all();
  enqueue(step);
}

void BlockWriter::attempt(const std::function<void()>& action) {
  try {
    action();
  } catch (Error& error) {
    error.name_file(file_->path);
    fail(error);
  }
}

// Closes the file, whatever failed before.
void BlockWriter::shut(const BlockStep& step) {
  if (closed_) return;
  closed_ = true;
  const auto whole = [&] {
    const std::lock_guard<std::mutex> guard(mutex_);
    // A thread that goes on filling while the process exits may have counted more rows than this step commits.
    const bool all = !open_block_ || blocks()[*open_block_]->counted_rows() <= static_cast<std::int32_t>(step.rows);
    return !failure_ && all;
  };
  attempt([&] {
    if (whole()) run_.mark_closed();
  });
  // Even if that failed.
  attempt([&] {
    file_->close([&] {
      if (whole()) run_.end_well();
    });
  });
  run_.end();
  const std::lock_guard<std::mutex> guard(registry().mutex);
  registry().writers.erase(shared_from_this());
}

// The caller must hold the mutex.
void BlockWriter::enqueue(const std::shared_ptr<BlockStep>& step) {
  const std::size_t columns = step->block ? layout_.columns.size() : 0;
  step->chunks.resize(columns);
  step->crcs.resize(columns);
  step->columns_left = columns;
  in_flight_.push_back(step);
  const auto self = shared_from_this();
  if (columns == 0) IoThread::instance().post([self] { self->commit_encoded(); });
  std::vector<Task> tasks;
  for (std::size_t column = 0; column < columns; ++column) {
    tasks.emplace_back([self, step, column] { self->encode(*step, column); });
  }
  if (columns > 0) EncodePool::instance().post(lane_, std::move(tasks));
}

WriterStats BlockWriter::stats() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  WriterStats stats = stats_;
  stats.in_flight = blocks().size() - free_blocks_.size() - unprepared_ - (open_block_ ? 1 : 0);
  return stats;
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
