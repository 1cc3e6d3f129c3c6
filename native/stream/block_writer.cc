#include "stream/block_writer.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "hdf5/lock.h"
#include "stream/sync_timer.h"

namespace h5tracks::stream {

// A step that the I/O thread takes in its turn: rows to commit, or none, and then what was asked for.
struct BlockWriter::Batch {
  std::shared_ptr<Block> block;        // none: nothing to commit
  std::optional<std::size_t> recycle;  // the block's index, given back once it is committed …
  bool blank = false;                  // … and blank
  hsize_t base = 0;
  std::size_t rows = 0;
  std::vector<codec::Bytes> chunks;
  std::vector<std::uint32_t> crcs;
  std::atomic<std::size_t> columns_left{0};
  bool flush = false;
  bool sync = false;
  bool close = false;
  Done done;
};

namespace {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Open writers belong to the process, not to JavaScript: a forgotten one still gets its rows into the file.
struct Registry {
  std::mutex mutex;
  std::set<std::shared_ptr<BlockWriter>> writers;
};

Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

hdf5::Error closed_error(const std::string& path) {
  hdf5::Error error("ERR_CLOSED", "'" + path + "' is closed");
  error.name_file(path);
  return error;
}

// What a block may add to the file: its chunks, and nodes of each dataset's chunk index.
hsize_t room_for(const std::vector<codec::Bytes>& chunks) {
  constexpr hsize_t kIndex = 8 << 10, kSpare = 64 << 10;
  hsize_t bytes = kSpare;
  for (const codec::Bytes& chunk : chunks) bytes += chunk.size() + kIndex;
  return bytes;
}

Datasets open_datasets(hdf5::File& file, const BlockLayout& layout) {
  Datasets datasets;
  for (const Column& column : layout.columns) datasets.push_back(file.open_dataset(column.path));
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
      unprepared_(options.blocks - 1),
      next_base_(options.base) {
  durable_rows_ = run_.durable_rows();
  if (options.tail == 0) {
    free_blocks_.push_back(0);
  } else {
    open_block_ = 0;
  }
}

std::shared_ptr<BlockWriter> BlockWriter::open(std::shared_ptr<hdf5::File> file, WriterOptions options,
                                               const void* owner) {
  const auto interval = options.run.sync_interval;
  std::shared_ptr<BlockWriter> writer(new BlockWriter(std::move(file), std::move(options), owner));
  writer->prepare_spares();
  if (writer->run_.outlasts_power() && interval.count() > 0) SyncTimer::instance().add(writer, interval);
  const std::lock_guard<std::mutex> guard(registry().mutex);
  registry().writers.insert(writer);
  return writer;
}

// Memory that is touched for the first time costs several times what filling it costs: not on the caller's thread,
// which has the first block to fill meanwhile. One at a time, and in turn with encoding.
void BlockWriter::prepare_spares() {
  std::vector<Task> tasks;
  for (std::size_t block = 1; block < blocks().size(); ++block) {
    tasks.emplace_back([self = shared_from_this(), block] { self->add_spare(block); });
  }
  EncodePool::instance().post(std::make_shared<EncodePool::Lane>(1), std::move(tasks));
}

void BlockWriter::add_spare(std::size_t block) {
  if (!is_open()) return;
  blocks()[block]->blank();
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    free_blocks_.push_back(block);
    --unprepared_;
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
    } catch (const hdf5::Error&) {
      // Nobody is left to be told, and the next one wants its rows in its file.
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
  blocks()[*open_block_]->set_base(next_base_);
  return *open_block_;
}

bool BlockWriter::submit(bool blank) {
  auto batch = std::make_shared<Batch>();
  std::unique_lock<std::mutex> guard(mutex_);
  if (closing_ || !open_block_) throw closed_error(file_->path);
  batch->block = blocks()[*open_block_];
  batch->recycle = open_block_;
  batch->blank = blank;
  batch->base = next_base_;
  batch->rows = layout_.rows;
  next_base_ += layout_.rows;
  open_block_.reset();
  enqueue(batch);
  return !free_blocks_.empty() || unprepared_ > 0;
}

void BlockWriter::drain(Done done) {
  auto batch = std::make_shared<Batch>();
  batch->done = std::move(done);
  const std::lock_guard<std::mutex> guard(mutex_);
  if (closing_) throw closed_error(file_->path);
  enqueue(batch);
}

void BlockWriter::sync() {
  auto batch = std::make_shared<Batch>();
  batch->sync = true;
  const std::lock_guard<std::mutex> guard(mutex_);
  // Where the disk is slower than the interval, one that waits stands for all.
  const auto waits = [](const auto& other) { return other->sync; };
  if (!closing_ && std::none_of(in_flight_.begin(), in_flight_.end(), waits)) enqueue(batch);
}

void BlockWriter::flush(Done done) {
  auto batch = std::make_shared<Batch>();
  batch->done = std::move(done);
  batch->flush = true;
  batch->sync = run_.outlasts_power();
  const std::lock_guard<std::mutex> guard(mutex_);
  if (closing_) throw closed_error(file_->path);
  if (open_block_ && blocks()[*open_block_]->counted_rows() > 0) {
    // JavaScript goes on filling the block behind these rows, and submits it later as a whole.
    batch->block = blocks()[*open_block_];
    batch->base = next_base_;
    batch->rows = static_cast<std::size_t>(batch->block->counted_rows());
  }
  enqueue(batch);
}

void BlockWriter::close(Done done) {
  auto batch = std::make_shared<Batch>();
  batch->done = std::move(done);
  batch->close = true;
  // Until the journal is gone for good it tells of these rows too.
  batch->sync = run_.outlasts_power();
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!closing_ && open_block_ && blocks()[*open_block_]->counted_rows() > 0) {
    batch->block = blocks()[*open_block_];
    batch->base = next_base_;
    batch->rows = static_cast<std::size_t>(batch->block->counted_rows());
  }
  closing_ = true;
  changed_.notify_all();
  enqueue(batch);
}

// Caller holds the mutex.
void BlockWriter::enqueue(const std::shared_ptr<Batch>& batch) {
  const std::size_t columns = batch->block ? layout_.columns.size() : 0;
  batch->chunks.resize(columns);
  batch->crcs.resize(columns);
  batch->columns_left = columns;
  in_flight_.push_back(batch);
  const auto self = shared_from_this();
  if (columns == 0) IoThread::instance().post([self] { self->commit_encoded(); });
  std::vector<Task> tasks;
  for (std::size_t column = 0; column < columns; ++column) {
    tasks.emplace_back([self, batch, column] { self->encode(*batch, column); });
  }
  if (columns > 0) EncodePool::instance().post(lane_, std::move(tasks));
}

void BlockWriter::encode(Batch& batch, std::size_t index) noexcept {
  const Stopwatch stopwatch;
  try {
    const Column& column = layout_.columns[index];
    codec::Bytes& chunk = batch.chunks[index];
    const std::vector<unsigned char> padded =
        batch.recycle ? std::vector<unsigned char>() : batch.block->padded_column(index, batch.rows);
    const unsigned char* values = batch.recycle ? batch.block->column(index) : padded.data();
    chunk = codec::encode_chunk(values, batch.block->column_bytes(index), hdf5::size_of(column.type), column.filters);
    if (batch.recycle) batch.crcs[index] = journal::crc32(chunk.data(), chunk.size());
  } catch (const std::exception& error) {
    fail(hdf5::Error("ENOMEM", std::string("a block could not be encoded: ") + error.what()));
  }
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    stats_.encode_seconds += stopwatch.seconds();
  }
  if (batch.columns_left.fetch_sub(1) != 1) return;
  IoThread::instance().post([self = shared_from_this()] { self->commit_encoded(); });
}

// On the I/O thread: whatever stands at the head of the queue and is encoded, in order.
void BlockWriter::commit_encoded() {
  for (;;) {
    std::shared_ptr<Batch> batch;
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      if (in_flight_.empty() || in_flight_.front()->columns_left != 0) return;
      batch = std::move(in_flight_.front());
      in_flight_.pop_front();
    }
    commit(*batch);
    finish(*batch);
  }
}

void BlockWriter::commit(Batch& batch) {
  const Stopwatch stopwatch;
  try {
    throw_failure();
    if (batch.block || batch.flush) write(batch);
    if (batch.recycle) count(batch, stopwatch.seconds());
    if (batch.sync) sync_rows();
  } catch (hdf5::Error& error) {
    error.name_file(file_->path);
    fail(error);
  }
  if (batch.close) shut(batch);
}

void BlockWriter::count(const Batch& batch, double seconds) {
  const std::lock_guard<std::mutex> guard(mutex_);
  ++stats_.blocks;
  stats_.commit_seconds += seconds;
  for (std::size_t i = 0; i < batch.chunks.size(); ++i) {
    stats_.raw_bytes += batch.block->column_bytes(i);
    stats_.stored_bytes += batch.chunks[i].size();
  }
}

WriterStats BlockWriter::stats() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  WriterStats stats = stats_;
  stats.in_flight = blocks().size() - free_blocks_.size() - unprepared_ - (open_block_ ? 1 : 0);
  return stats;
}

void BlockWriter::write(Batch& batch) {
  std::vector<journal::ChunkPlace> places;
  {
    const hdf5::Lock lock;
    if (batch.block) places = write_chunks(batch);
    if (batch.flush) file_->flush_locked();
  }
  // A chunk that is not full is written again later, elsewhere perhaps: its rows stay in their block.
  if (!batch.recycle) return;
  run_.tell(batch.base, batch.rows, std::move(places));
  rows_committed_ = batch.base + batch.rows;
  if (run_.outlasts_power()) durable_rows_ = rows_committed_;
}

// Caller holds the Lock.
std::vector<journal::ChunkPlace> BlockWriter::write_chunks(const Batch& batch) {
  // A disk that is full is found out here, while the file is as it was.
  file_->reserve_locked(room_for(batch.chunks));
  std::vector<journal::ChunkPlace> places;
  const auto set_rows = [this](hsize_t rows) {
    for (const auto& dataset : datasets_) dataset->set_rows(rows);
    rows_in_file_ = rows;
  };
  try {
    // A published part of the block goes first, as a whole: HDF5 frees a chunk before it writes the one in its place,
    // and once that has failed, whatever it does about the old one frees it again or decodes what lies there now.
    if (rows_in_file_ > batch.base) set_rows(batch.base);
    set_rows(batch.base + batch.rows);
    for (std::size_t i = 0; i < datasets_.size(); ++i) {
      const codec::Bytes& chunk = batch.chunks[i];
      const haddr_t address = datasets_[i]->write_chunk(batch.base, chunk.data(), chunk.size());
      places.push_back({address, chunk.size(), batch.crcs[i], 1});
    }
  } catch (...) {
    // Rows without their chunks would read as "no fish".
    for (const auto& dataset : datasets_) {
      try {
        dataset->set_rows(batch.base);
      } catch (const hdf5::Error&) {
        // The first error is the one to tell.
      }
    }
    rows_in_file_ = batch.base;
    throw;
  }
  return places;
}

// The oldest rows that are not in the file: what is before them is on the disk.
void BlockWriter::sync_rows() {
  std::optional<std::size_t> block;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto submitted = std::find_if(in_flight_.begin(), in_flight_.end(), [](const auto& b) { return b->recycle; });
    block = submitted == in_flight_.end() ? open_block_ : (*submitted)->recycle;
  }
  const std::size_t rows = block ? static_cast<std::size_t>(blocks()[*block]->counted_rows()) : 0;
  if (rows == 0 || rows_committed_ + rows <= durable_rows_) return;
  run_.sync_rows(*block, rows_committed_, rows);
  durable_rows_ = rows_committed_ + rows;
}

void BlockWriter::finish(Batch& batch) {
  std::optional<hdf5::Error> failure;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    failure = failure_;
  }
  if (batch.recycle && !failure) {
    batch.block->recycle();
    if (batch.blank) batch.block->blank();
    const std::lock_guard<std::mutex> guard(mutex_);
    free_blocks_.push_back(*batch.recycle);
  }
  changed_.notify_all();
  if (batch.done) batch.done(failure);
}

// The file is given up whatever happened before.
void BlockWriter::shut(const Batch& batch) {
  if (closed_) return;
  closed_ = true;
  const auto whole = [&] {
    const std::lock_guard<std::mutex> guard(mutex_);
    // A thread that goes on filling while the process ends may have counted more than was taken.
    const bool all = !open_block_ || blocks()[*open_block_]->counted_rows() <= static_cast<std::int32_t>(batch.rows);
    return !failure_ && all;
  };
  try {
    if (whole()) run_.mark_closed();
    file_->close([&] {
      if (whole()) run_.end_well();
    });
  } catch (hdf5::Error& error) {
    error.name_file(file_->path);
    fail(error);
  }
  run_.end();
  const std::lock_guard<std::mutex> guard(registry().mutex);
  registry().writers.erase(shared_from_this());
}

void BlockWriter::fail(const hdf5::Error& error) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    // The first failure is the cause of the others.
    if (!failure_) failure_ = error;
  }
  __atomic_store_n(failed_flag_.get(), 1, __ATOMIC_RELEASE);
  changed_.notify_all();
}

}  // namespace h5tracks::stream
