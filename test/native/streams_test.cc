// Several streams in one run, each at its own pace: followed, recovered, resumed, and refused when their journal is
// damaged. The last line is "N passed, N failed".
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "hdf5/dataset/open_dataset.h"
#include "journal/journal.h"
#include "make.h"
#include "stream/blocks/block_writer.h"
#include "stream/blocks/journal_columns.h"
#include "stream/recovery/follower.h"
#include "stream/recovery/recover.h"
#include "support.h"

namespace {

using namespace h5tracks;
using namespace h5tracks::stream;
using test::Bytes;
using test::check;

constexpr char kMarked[] = "/run";

// Rows of `values` numbers in each dataset; a block has `rows` of them.
struct Spec {
  std::size_t rows, values;
  std::vector<std::string> paths;
};
const std::vector<Spec> kVideoAndSensor = {{8, 5, {"/video_x", "/video_y", "/video_z"}}, {64, 2, {"/sensor"}}};

std::int32_t value_at(std::size_t stream, std::size_t column, std::size_t row, std::size_t i) {
  return static_cast<std::int32_t>(stream * 1000003 + column * 7919 + row * 31 + i);
}

StreamOptions stream_of(const Spec& spec, std::size_t before) {
  StreamOptions stream{{}, spec.rows, 3, before / spec.rows * spec.rows, before % spec.rows};
  for (const std::string& path : spec.paths) {
    Column column;
    column.path = path;
    column.row_values = spec.values;
    column.fill = -1;
    column.filters = codec::Pipeline::usual(sizeof(std::int32_t), 1);
    column.effort = effort_of(sizeof(std::int32_t), column.row_bytes());
    stream.columns.push_back(std::move(column));
  }
  return stream;
}

using Counts = std::vector<std::size_t>;

std::shared_ptr<BlockWriter> writer_of(const std::string& path, const Counts& before, Durability durability) {
  const bool is_new = before[0] == 0;
  auto file = std::make_shared<hdf5::File>(path, is_new ? system::Access::kCreate : system::Access::kReadWrite);
  if (is_new) test::make_group(file, kMarked);
  WriterOptions options;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Spec& spec = kVideoAndSensor[i];
    for (const std::string& name : spec.paths) {
      if (is_new) test::make_rows(file, {name, spec.rows, spec.values, -1, 1, true});
    }
    options.streams.push_back(stream_of(spec, before[i]));
  }
  options.threads = 2;
  options.run.durability = durability;
  options.run.new_file = is_new;
  options.run.marked = kMarked;
  return BlockWriter::open(std::move(file), std::move(options), nullptr);
}

void put_row(BlockWriter& writer, std::size_t index, std::size_t row) {
  const Spec& spec = kVideoAndSensor[index];
  BlockStream& stream = writer.stream(index);
  Block& block = *stream.blocks()[stream.acquire()];
  const auto at = static_cast<std::size_t>(block.counted_rows());
  for (std::size_t column = 0; column < spec.paths.size(); ++column) {
    auto* values = reinterpret_cast<std::int32_t*>(block.data() + stream.layout().offsets[column]) + at * spec.values;
    for (std::size_t i = 0; i < spec.values; ++i) values[i] = value_at(index, column, row, i);
  }
  block.count(static_cast<std::int32_t>(at + 1));
  if (at + 1 == spec.rows) stream.submit(true);
}

// The streams take turns, each at the pace that its number of rows asks for.
void put_rows(BlockWriter& writer, const Counts& from, const Counts& end) {
  constexpr std::size_t kTurns = 100;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::size_t count = end[i] - from[i];
      for (std::size_t n = count * turn / kTurns; n < count * (turn + 1) / kTurns; ++n) put_row(writer, i, from[i] + n);
    }
    if (turn == kTurns / 3) wait_for([&](Done done) { writer.flush(std::move(done)); });
  }
}

void close(BlockWriter& writer) {
  wait_for([&](Done done) { writer.close(std::move(done)); });
}

// A process that writes and ends without closing the file: it writes `first` and closes, unless these are 0; then it
// writes up to `end`. Run before this process has threads.
void leave(const std::string& path, const Counts& first, const Counts& end, Durability durability) {
  if (const pid_t child = fork(); child != 0) {
    int status = 1;
    waitpid(child, &status, 0);
    check(status == 0, "a child process writes several streams and ends without closing the file");
    return;
  }
  const Counts none(end.size());
  if (first != none) {
    const auto writer = writer_of(path, none, durability);
    put_rows(*writer, none, first);
    close(*writer);
  }
  const auto writer = writer_of(path, first, durability);
  put_rows(*writer, first, end);
  // All full blocks are committed, and with kPower the others are synced.
  if (durability == Durability::kPower) writer->sync();
  wait_for([&](Done done) { writer->drain(std::move(done)); });
  for (std::size_t i = 0; durability == Durability::kPower && i < end.size(); ++i) {
    if (writer->stream(i).durable_rows() != end[i]) _exit(2);
  }
  _exit(0);
}

bool file_is_right(const std::string& path, const Counts& rows) {
  hdf5::File file(path, system::Access::kRead);
  bool right = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Spec& spec = kVideoAndSensor[i];
    for (std::size_t column = 0; column < spec.paths.size(); ++column) {
      const auto dataset = hdf5::open_dataset(file, spec.paths[column]);
      right = right && dataset->info().shape->front() == rows[i];
      if (!right) return false;
      std::vector<std::int32_t> values(rows[i] * spec.values);
      dataset->read(hdf5::Element::kInt32, {0, 0}, {rows[i], spec.values}, values.data());
      for (std::size_t n = 0; n < values.size(); ++n)
        right = right && values[n] == value_at(i, column, n / spec.values, n % spec.values);
    }
  }
  return right;
}

bool follower_is_right(const std::string& path, const Counts& rows) {
  const auto follower = Follower::open(path);
  if (!follower || follower->streams().size() != rows.size()) return false;
  bool right = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Spec& spec = kVideoAndSensor[i];
    right = right && follower->look().rows[i] == rows[i];
    for (std::size_t row = 0; right && row < rows[i]; ++row) {
      std::vector<std::vector<std::int32_t>> values(spec.paths.size(), std::vector<std::int32_t>(spec.values));
      Follower::Out out;
      for (auto& column : values) out.push_back(reinterpret_cast<unsigned char*>(column.data()));
      if (!follower->copy(i, row, 1, out)) follower->load(i, row, 1, out);
      for (std::size_t column = 0; column < values.size(); ++column) {
        for (std::size_t n = 0; n < spec.values; ++n) right = right && values[column][n] == value_at(i, column, row, n);
      }
    }
  }
  return right;
}

Bytes read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void write_bytes(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

template <typename T>
T& in(Bytes& bytes, std::size_t offset) {
  return *reinterpret_cast<T*>(bytes.data() + offset);
}

void test_recovery(const std::string& path, const Counts& all) {
  Bytes journal = read_bytes(path + ".journal");
  check(journal::has_several_streams(in<journal::Header>(journal, 0).version) == (all.size() > 1),
        "a journal of several streams has an even version");
  check(follower_is_right(path, all), "a follower gets every row of every stream");
  const Recovery recovery = recover(path);
  check(recovery.rebuilt && recovery.lost.empty() && file_is_right(path, all),
        "recovery restores every accepted row of every stream");
  Counts more = all;
  for (std::size_t& rows : more) rows += 100;
  const auto writer = writer_of(path, all, Durability::kProcess);
  put_rows(*writer, all, more);
  close(*writer);
  check(file_is_right(path, more) && !std::filesystem::exists(path + ".journal"),
        "a recovered file can be resumed, and a clean close removes the journal");
}

// As after a loss of power: another start of the machine.
void test_power(const std::string& path, const Counts& all) {
  Bytes journal = read_bytes(path + ".journal");
  auto& header = in<journal::Header>(journal, 0);
  std::memset(header.boot_id, '0', sizeof header.boot_id);
  header.crc = journal::self_crc(header);
  const auto lives = in<journal::StreamsHeader>(journal, sizeof header).lives_offset;
  // The sensor's open rows are not proved any more.
  auto& sensor = in<journal::StreamLive>(journal, lives + sizeof(journal::StreamLive));
  for (auto& durable : sensor.durable) durable.crc ^= 1;
  write_bytes(path + ".journal", journal);
  const Recovery recovery = recover(path);
  const std::size_t proved = all[1] / kVideoAndSensor[1].rows * kVideoAndSensor[1].rows;
  const std::string rows = "rows " + std::to_string(proved) + " to " + std::to_string(all[1] - 1) + " of '/sensor'";
  check(recovery.lost.size() == 1 && recovery.lost.front().compare(0, rows.size(), rows) == 0,
        "after a loss of power, recovery names the rows that are not proved, and their stream");
  check(file_is_right(path, {all[0], proved}), "after a loss of power, proved rows of every stream are restored");
}

void test_damage(const std::string& path) {
  const Bytes file = read_bytes(path), whole = read_bytes(path + ".journal");
  const auto refused = [&](const char* what, auto change, bool corrected) {
    Bytes journal = whole;
    auto& streams = in<journal::StreamsHeader>(journal, sizeof(journal::Header));
    const std::size_t heads = streams.streams_offset;
    change(streams, reinterpret_cast<journal::StreamHead*>(journal.data() + heads));
    if (corrected) {
      streams.streams_crc = journal::crc32(journal.data() + heads, 2 * sizeof(journal::StreamHead));
      streams.crc = journal::self_crc(streams);
    }
    write_bytes(path + ".journal", journal);
    std::string code;
    try {
      recover(path);
    } catch (const Error& error) {
      code = error.code;
    }
    check(code == "ERR_JOURNAL" && read_bytes(path) == file && read_bytes(path + ".journal") == journal,
          std::string("recovery refuses a journal with ") + what + ", and changes nothing");
  };
  using Streams = journal::StreamsHeader;
  using Head = journal::StreamHead;
  refused(
      "a changed number of streams", [](Streams& s, Head*) { s.streams = 1; }, false);
  refused(
      "a changed stream", [](Streams&, Head* heads) { heads[1].rows ^= 1; }, false);
  refused(
      "no streams", [](Streams& s, Head*) { s.streams = 0; }, true);
  refused(
      "more streams than datasets", [](Streams& s, Head*) { s.streams = 5; }, true);
  refused(
      "streams beyond its end", [](Streams& s, Head*) { s.lives_offset = UINT64_MAX - 7; }, true);
  refused(
      "counts that are not aligned", [](Streams& s, Head*) { s.lives_offset += 4; }, true);
  refused(
      "a stream without datasets", [](Streams&, Head* h) { h[0].columns = 0, h[1].columns = 4; }, true);
  refused(
      "datasets of the wrong stream", [](Streams&, Head* h) { h[0].columns = 2, h[1].columns = 2; }, true);
  refused(
      "slots beyond its end", [](Streams&, Head* h) { h[1].slots = std::uint64_t{1} << 60; }, true);
  refused(
      "blocks without rows", [](Streams&, Head* h) { h[0].rows = 0; }, true);
  write_bytes(path + ".journal", whole);
}

}  // namespace

int main() {
  char pattern[] = "/tmp/h5tracks-streams-XXXXXX";
  const std::string folder = mkdtemp(pattern);
  const auto path = [&](const char* name) { return folder + "/" + name + ".h5"; };
  leave(path("new"), {0, 0}, {45, 2000}, Durability::kProcess);
  leave(path("resumed"), {21, 700}, {77, 2113}, Durability::kProcess);
  leave(path("slow"), {0, 0}, {3, 1500}, Durability::kProcess);
  leave(path("one"), {0}, {45}, Durability::kProcess);
  leave(path("power"), {0, 0}, {45, 1005}, Durability::kPower);
  test_damage(path("new"));
  test_recovery(path("new"), {45, 2000});
  test_recovery(path("resumed"), {77, 2113});
  test_recovery(path("slow"), {3, 1500});
  test_recovery(path("one"), {45});
  test_power(path("power"), {45, 1005});
  IoThread::instance().stop();
  std::filesystem::remove_all(folder);
  return test::report();
}
