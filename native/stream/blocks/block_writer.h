// The life of a block: acquire -> (JavaScript fills it) -> submit -> encoded by the pool -> committed by the I/O thread
// -> recorded in the journal -> free again. A writer has one or more streams of rows, each with datasets, blocks and a
// pace of its own. Blocks of all streams are committed in the order of submission, each as one change under the HDF5
// lock, so that no reader in this process sees datasets of a stream with different lengths. A block lies in a slot of
// the journal, so its rows are safe there until the journal records its chunks.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "codec/pipeline.h"
#include "hdf5/file/file.h"
#include "stream/blocks/block.h"
#include "stream/blocks/block_step.h"
#include "stream/blocks/run.h"
#include "stream/blocks/stopwatch.h"
#include "stream/threads/done.h"
#include "stream/threads/threads.h"

namespace h5tracks::stream {

struct StreamOptions {
  std::vector<Column> columns;
  std::size_t rows = 0;    // in a block, which is also the chunk's extent
  std::size_t blocks = 0;  // at least 2: one is filled while the others are in flight
  hsize_t base = 0;        // rows in whole blocks that the datasets already have
  std::size_t tail = 0;    // rows after them, in a chunk that is not full
};

struct WriterOptions {
  std::vector<StreamOptions> streams;
  unsigned threads = EncodePool::default_threads();
  RunOptions run;
};

// Of a stream, since the writer was opened.
struct StreamStats {
  std::uint64_t blocks = 0;        // committed; a published open block does not count
  std::uint64_t raw_bytes = 0;     // of their values
  std::uint64_t stored_bytes = 0;  // of their chunks
  double encode_seconds = 0;       // the sum over all threads
  double commit_seconds = 0;
  double longest_wait_seconds = 0;  // of one acquire
  std::size_t in_flight = 0;        // blocks submitted and not yet committed
};

class BlockWriter;

// A stream of a writer. Only the owner's thread may call its methods.
class BlockStream {
 public:
  BlockStream(const BlockStream&) = delete;
  BlockStream& operator=(const BlockStream&) = delete;

  const BlockLayout& layout() const { return layout_; }
  const std::vector<std::shared_ptr<Block>>& blocks() const;
  std::size_t acquire();
  // Prepares another block in the background, if none is free. The first one is prepared when the writer is opened.
  void prepare_next();
  // `blank`: the block is made blank before it is acquired again; otherwise it keeps its old values.
  bool submit(bool blank);
  // Rows from the beginning of the datasets that are known to be durable.
  hsize_t durable_rows() const { return durable_rows_; }
  StreamStats stats() const;

 private:
  friend class BlockWriter;

  // `later`: the I/O thread opens the datasets, once the writer is open.
  BlockStream(BlockWriter& writer, std::size_t index, hdf5::File& file, StreamOptions options, bool later);

  RunStream run_stream() const;
  const Datasets& datasets();
  void begin();
  void prepare_ahead();
  void prepare();
  std::shared_ptr<BlockStep> counted_rows();
  bool has_more_than(std::size_t rows) const;

  BlockWriter& writer_;
  const std::size_t index_;
  const BlockLayout layout_;
  const std::size_t block_count_, tail_;
  const std::shared_ptr<EncodePool::Lane> prepare_lane_ = std::make_shared<EncodePool::Lane>(1);

  // Once the writer is open, only the I/O thread uses these.
  Datasets datasets_;
  hsize_t rows_in_file_;  // includes published rows
  hsize_t rows_committed_;
  std::atomic<hsize_t> durable_rows_{0};

  // Guarded by the writer's mutex.
  std::vector<std::size_t> free_blocks_;
  std::size_t unprepared_;  // blocks that are not blank yet; they become free once they are
  bool preparing_ = false;
  std::optional<std::size_t> open_block_;
  hsize_t next_base_;
  std::size_t rows_at_close_ = 0;  // of the open block
  StreamStats stats_;
};

class BlockWriter : public std::enable_shared_from_this<BlockWriter> {
 public:
  // `owner` identifies the environment that the writer belongs to.
  static std::shared_ptr<BlockWriter> open(std::shared_ptr<hdf5::File> file, WriterOptions options, const void* owner);
  // Closes every open writer (of all owners, or of one) and keeps the counted rows.
  static void close_all(const void* owner = nullptr);

  // Of the file.
  const std::string& path() const { return file_->path; }
  std::size_t streams() const { return streams_.size(); }
  BlockStream& stream(std::size_t index) { return *streams_[index]; }
  // 0, or 1 once a block was lost. JavaScript reads it before each row.
  const std::shared_ptr<std::int32_t>& failed_flag() const { return failed_flag_; }
  bool is_open() const;

  // Only the owner's thread may call these.
  void throw_failure() const;
  void drain(Done done);
  void flush(Done done);
  // Requests that the rows accepted so far become durable; does not wait for it. Thread-safe.
  void sync();

  // Commits the counted rows of the open blocks and closes the file. Thread-safe; a second call waits for the first.
  void close(Done done);

 private:
  friend class BlockStream;
  using Streams = std::vector<std::unique_ptr<BlockStream>>;

  BlockWriter(std::shared_ptr<hdf5::File> file, WriterOptions options, const void* owner);

  Streams open_streams(std::vector<StreamOptions> options, bool later);
  std::vector<RunStream> run_streams() const;
  void open_datasets();
  void refuse_closed() const;
  std::vector<std::shared_ptr<BlockStep>> open_rows() const;
  bool has_time_for(const BlockStep& step) const;
  void enqueue(const std::shared_ptr<BlockStep>& step);
  void encode(BlockStep& step, std::size_t column) noexcept;
  void commit_encoded();
  void commit(BlockStep& step);
  void write(BlockStep& step);
  std::vector<journal::ChunkPlace> write_chunks(const BlockStep& step);
  void sync_rows();
  std::optional<Run::OpenRows> oldest_rows(std::size_t stream) const;
  void finish(BlockStep& step);
  void shut();
  bool has_all_rows() const;
  // An Error becomes the failure of the writer.
  void attempt(const std::function<void()>& action);
  void fail(const Error& error);

  const void* const owner_;
  const std::shared_ptr<EncodePool::Lane> lane_;
  const std::shared_ptr<std::int32_t> failed_flag_ = std::make_shared<std::int32_t>(0);

  // Once the writer is open, only the I/O thread uses these, except for the path.
  std::shared_ptr<hdf5::File> file_;
  const Streams streams_;
  Run run_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by the mutex.
  std::deque<std::shared_ptr<BlockStep>> in_flight_;  // in order of submission
  Moment idle_since_ = now();                         // when the last step was encoded
  std::optional<Error> failure_;
  bool closing_ = false;
  bool closed_ = false;
};

}  // namespace h5tracks::stream
