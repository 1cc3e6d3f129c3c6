// A stream of a writer: its blocks before they are submitted.
#include <algorithm>

#include "hdf5/dataset/open_dataset.h"
#include "stream/blocks/block_writer.h"
#include "stream/blocks/column_match.h"
#include "stream/blocks/stopwatch.h"

namespace h5tracks::stream {

namespace {

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

BlockStream::BlockStream(BlockWriter& writer, std::size_t index, hdf5::File& file, StreamOptions options, bool later)
    : writer_(writer),
      index_(index),
      layout_(std::move(options.columns), options.rows),
      block_count_(options.blocks),
      tail_(options.tail),
      datasets_(later ? Datasets() : open_datasets(file, layout_)),
      rows_in_file_(options.base + options.tail),
      rows_committed_(options.base),
      unprepared_(options.blocks),
      next_base_(options.base) {}

RunStream BlockStream::run_stream() const { return {layout_, datasets_, rows_committed_, tail_, block_count_}; }

// On the I/O thread.
const Datasets& BlockStream::datasets() {
  if (datasets_.empty()) datasets_ = open_datasets(*writer_.file_, layout_);
  return datasets_;
}

// Called once the run has begun.
void BlockStream::begin() {
  durable_rows_ = writer_.run_.durable_rows(index_);
  if (tail_ == 0) return;
  open_block_ = 0;
  --unprepared_;
}

const std::vector<std::shared_ptr<Block>>& BlockStream::blocks() const { return writer_.run_.stream(index_).blocks(); }

void BlockStream::prepare_next() {
  const std::lock_guard<std::mutex> guard(writer_.mutex_);
  prepare_ahead();
}

// Prepares a block before it is needed, piece by piece and alternating with encoding, so that a slow writer touches
// only as much memory as it uses. The caller must hold the mutex.
void BlockStream::prepare_ahead() {
  if (preparing_) return;
  const std::size_t blank = writer_.run_.stream(index_).blank_blocks();
  while (block_count_ - unprepared_ < blank) free_blocks_.push_back(block_count_ - unprepared_--);
  if (writer_.failure_ || writer_.closing_ || !free_blocks_.empty() || unprepared_ == 0) return;
  preparing_ = true;
  EncodePool::instance().post(prepare_lane_, {[self = writer_.shared_from_this(), this] { prepare(); }});
}

void BlockStream::prepare() {
  writer_.attempt([&] { writer_.run_.prepare(index_); });
  {
    const std::lock_guard<std::mutex> guard(writer_.mutex_);
    preparing_ = false;
    prepare_ahead();
  }
  writer_.changed_.notify_all();
}

std::size_t BlockStream::acquire() {
  std::unique_lock<std::mutex> guard(writer_.mutex_);
  writer_.refuse_closed();
  if (open_block_) return *open_block_;
  const auto may_go_on = [this] { return writer_.failure_ || writer_.closing_ || !free_blocks_.empty(); };
  if (!may_go_on()) {
    prepare_ahead();
    const Stopwatch stopwatch;
    writer_.changed_.wait(guard, may_go_on);
    stats_.longest_wait_seconds = std::max(stats_.longest_wait_seconds, stopwatch.seconds());
  }
  if (writer_.failure_) throw *writer_.failure_;
  writer_.refuse_closed();
  open_block_ = free_blocks_.back();
  free_blocks_.pop_back();
  blocks()[*open_block_]->set_base(next_base_);
  return *open_block_;
}

bool BlockStream::submit(bool blank) {
  auto step = std::make_shared<BlockStep>();
  const std::lock_guard<std::mutex> guard(writer_.mutex_);
  writer_.refuse_closed();
  if (!open_block_) throw Error("ERR_CLOSED", "no block is open");
  step->stream = this;
  step->block = blocks()[*open_block_];
  step->recycle = open_block_;
  step->blank = blank;
  step->base = next_base_;
  step->rows = layout_.rows;
  next_base_ += layout_.rows;
  open_block_.reset();
  writer_.enqueue(step);
  return !free_blocks_.empty() || unprepared_ > 0;
}

// A step that commits the counted rows of the open block. Null: it has none. The caller must hold the mutex.
std::shared_ptr<BlockStep> BlockStream::counted_rows() {
  if (!has_more_than(0)) return nullptr;
  auto step = std::make_shared<BlockStep>();
  step->stream = this;
  step->block = blocks()[*open_block_];
  step->base = next_base_;
  step->rows = static_cast<std::size_t>(step->block->counted_rows());
  return step;
}

// Whether the open block has more counted rows. The caller must hold the mutex.
bool BlockStream::has_more_than(std::size_t rows) const {
  return open_block_ && static_cast<std::size_t>(blocks()[*open_block_]->counted_rows()) > rows;
}

StreamStats BlockStream::stats() const {
  const std::lock_guard<std::mutex> guard(writer_.mutex_);
  StreamStats stats = stats_;
  stats.in_flight = block_count_ - free_blocks_.size() - unprepared_ - (open_block_ ? 1 : 0);
  return stats;
}

}  // namespace h5tracks::stream
