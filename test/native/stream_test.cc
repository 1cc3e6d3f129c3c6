// The threads of native/stream without Node, whose own data races would hide ours: several writers at once with
// readers, followers that see rows before the file has them, and closing in the middle. Runs under ThreadSanitizer and
// AddressSanitizer; the last line is "N passed, N failed".
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "hdf5/dataset/open_dataset.h"
#include "make.h"
#include "stream/blocks/block_writer.h"
#include "stream/boxes/box_reader.h"
#include "stream/recovery/follower.h"
#include "stream/run_state/journal_state.h"

namespace {

using h5tracks::hdf5::Element;
using h5tracks::hdf5::File;
using h5tracks::system::Access;
using namespace h5tracks::stream;
using h5tracks::test::make_group;
using h5tracks::test::make_rows;
using h5tracks::test::RowsSpec;

constexpr std::size_t kRows = 64;   // of a block
constexpr std::size_t kValues = 6;  // of a row
constexpr std::size_t kColumns = 5;
constexpr char kMarked[] = "/run";
constexpr std::size_t kFrames = 64 * 70 + 17;  // the chunk index splits at 64 chunks, and the last block is not full

std::atomic<int> passed{0}, failed{0};

void expect(bool holds, const std::string& what) {
  ++(holds ? passed : failed);
  if (!holds) std::printf("FAILED: %s\n", what.c_str());
}

std::string column_path(std::size_t column) { return "/x" + std::to_string(column); }

std::int32_t value_at(std::size_t row, std::size_t column, std::size_t i) {
  return static_cast<std::int32_t>(row * 31 + column * 7 + i);
}

std::shared_ptr<BlockWriter> new_writer(const std::string& path, unsigned threads, Durability durability) {
  auto file = std::make_shared<File>(path, Access::kCreate);
  make_group(file, kMarked);
  StreamOptions stream;
  for (std::size_t column = 0; column < kColumns; ++column) {
    const RowsSpec spec{column_path(column), kRows, kValues, -1, 1, column % 2 == 0};
    make_rows(file, spec);
    Column given;
    given.path = spec.path;
    given.row_values = kValues;
    given.fill = -1;
    given.filters =
        h5tracks::codec::Pipeline::usual(spec.shuffle ? std::optional(sizeof(std::int32_t)) : std::nullopt, 1);
    given.effort.level = 1;
    stream.columns.push_back(given);
  }
  stream.rows = kRows;
  stream.blocks = 3;
  WriterOptions options;
  options.streams.push_back(std::move(stream));
  options.threads = threads;
  options.run.durability = durability;
  options.run.sync_interval = std::chrono::milliseconds(1);
  options.run.marked = kMarked;
  return BlockWriter::open(std::move(file), std::move(options), nullptr);
}

// Like JavaScript: first the values, then the count.
void put_row(BlockStream& writer, std::size_t row) {
  Block& block = *writer.blocks()[writer.acquire()];
  const auto at = static_cast<std::size_t>(block.counted_rows());
  for (std::size_t column = 0; column < kColumns; ++column) {
    auto* values = reinterpret_cast<std::int32_t*>(block.data() + writer.layout().offsets[column]) + at * kValues;
    for (std::size_t i = 0; i < kValues; ++i) values[i] = value_at(row, column, i);
  }
  block.count(static_cast<std::int32_t>(at + 1));
  if (at + 1 == kRows) writer.submit(true);
}

bool rows_are_right(const std::vector<std::int32_t>& values, std::size_t first, std::size_t column) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != value_at(first + i / kValues, column, i % kValues)) return false;
  }
  return true;
}

// Reads every row that the file claims to have.
std::size_t check_file(const std::string& path) {
  File file(path, Access::kRead);
  const auto cache = std::make_shared<ChunkCache>(std::size_t{1} << 18);
  std::vector<std::shared_ptr<StoredDataset>> datasets;
  for (std::size_t column = 0; column < kColumns; ++column) {
    datasets.push_back(std::make_shared<StoredDataset>(h5tracks::hdf5::open_dataset(file, column_path(column)), cache));
  }
  const hsize_t rows = datasets.back()->dataset->info().shape->front();
  const auto read = [&](hsize_t first, hsize_t count) {
    std::vector<std::vector<std::int32_t>> values(kColumns, std::vector<std::int32_t>(count * kValues));
    std::vector<ReadRequest> requests;
    for (std::size_t column = 0; column < kColumns; ++column) {
      requests.push_back(
          {datasets[column], {{first, 0}, {count, kValues}}, reinterpret_cast<unsigned char*>(values[column].data())});
    }
    if (!read_from_cache(requests)) wait_for([&](Done done) { read_all(requests, std::move(done)); });
    bool right = true;
    for (std::size_t column = 0; column < kColumns; ++column) {
      right = right && rows_are_right(values[column], first, column);
    }
    return right;
  };
  expect(read(0, rows), path + ": a read of all rows gives the written values");
  // Small windows are read twice: from chunks, then from the cache.
  bool windows = true;
  for (hsize_t first = 0; first + 10 <= rows; first += 97) windows = windows && read(first, 10) && read(first, 10);
  expect(windows, path + ": reads of small windows give the written values");
  datasets.clear();
  return rows;
}

// Checks that every row comes once, whole and in order, until the writer has closed the file.
void follow(const std::shared_ptr<Follower>& follower) {
  if (!follower) return;  // a writer without a journal
  std::size_t first = 0, torn = 0;
  for (;;) {
    const auto now = follower->look();
    while (first < now.rows[0]) {
      const std::size_t count = std::min<std::size_t>(now.rows[0] - first, kRows - first % kRows);
      std::vector<std::vector<std::int32_t>> values(kColumns, std::vector<std::int32_t>(count * kValues));
      Follower::Out out;
      for (auto& column : values) out.push_back(reinterpret_cast<unsigned char*>(column.data()));
      if (!follower->copy(0, first, count, out)) follower->load(0, first, count, out);
      for (std::size_t column = 0; column < kColumns; ++column) torn += !rows_are_right(values[column], first, column);
      first += count;
    }
    if (now.closed || !now.alive) {
      expect(now.closed && torn == 0 && first == kFrames,
             follower->path + ": a follower gets every row whole and in order until the writer closes");
      return;
    }
  }
}

void one_run(const std::string& path, unsigned threads, bool forget, Durability durability) {
  auto writer = new_writer(path, threads, durability);
  std::atomic<bool> writing{true};
  std::thread reader([&] {
    while (writing) check_file(path);
  });
  std::thread follower([of = Follower::open(path)] { follow(of); });
  for (std::size_t row = 0; row < kFrames; ++row) {
    put_row(writer->stream(0), row);
    if (row % 1000 == 500) wait_for([&](Done done) { writer->flush(std::move(done)); });
    if (row % 777 == 0) writer->drain([](const auto&) {});
  }
  expect(writer->stream(0).stats().blocks <= kFrames / kRows,
         path + ": a writer submits no more blocks than it filled");
  if (forget) {
    writer->close({});
  } else {
    wait_for([&](Done done) { writer->close(std::move(done)); });
  }
  writing = false;
  reader.join();
  follower.join();
}

}  // namespace

int main() {
  char pattern[] = "/tmp/h5tracks-stream-XXXXXX";
  const std::string folder = mkdtemp(pattern);
  std::vector<std::thread> writers;
  for (unsigned i = 0; i < 4; ++i) {
    constexpr Durability kAll[] = {Durability::kProcess, Durability::kPower, Durability::kNone, Durability::kProcess};
    writers.emplace_back(one_run, folder + "/" + std::to_string(i) + ".h5", i + 1, i % 2 == 1, kAll[i]);
  }
  for (auto& writer : writers) writer.join();
  // As when the process exits.
  BlockWriter::close_all();
  for (unsigned i = 0; i < 4; ++i) {
    expect(journal_state_of(folder + "/" + std::to_string(i) + ".h5") == JournalState::kNone,
           "a closed writer of file " + std::to_string(i) + " leaves no journal");
    expect(check_file(folder + "/" + std::to_string(i) + ".h5") == kFrames,
           "file " + std::to_string(i) + " has every row");
  }
  IoThread::instance().stop();
  std::filesystem::remove_all(folder);
  std::printf("%d passed, %d failed\n", passed.load(), failed.load());
  return failed == 0 ? 0 : 1;
}
