// Recovery from a damaged or forged journal, beside a damaged file. An input is a list of changes to what a killed
// writer left; it may ask for corrected checksums, without which only the first change would be noticed. Recovery must
// end with a readable file, or with ERR_JOURNAL or an errno and unchanged files.
#include <fuzzer/FuzzedDataProvider.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "hdf5/dataset/open_dataset.h"
#include "journal/journal.h"
#include "make.h"
#include "stream/blocks/block_writer.h"
#include "stream/boxes/box_reader.h"
#include "stream/recovery/follower.h"
#include "stream/recovery/recover.h"

namespace {

using namespace h5tracks;
using Bytes = std::vector<unsigned char>;

constexpr std::size_t kRows = 16, kValues = 3;
constexpr const char* kPaths[] = {"/tracking/a", "/tracking/b"};
// How a writer has its datasets: both in one stream, or each in a stream of its own.
enum class Streams { kOne, kTwo };

std::string folder;
std::string file() { return folder + "/x.h5"; }
std::string journal_of(const std::string& path) { return path + ".journal"; }

// The files that a killed writer left.
struct LeftFiles {
  Bytes file, journal;
};
std::vector<LeftFiles> left;

Bytes read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void write_bytes(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "FINDING: %s\n", what.c_str());
  std::abort();
}

stream::WriterOptions options_of(Streams streams, std::size_t rows) {
  stream::WriterOptions options;
  options.streams.resize(streams == Streams::kOne ? 1 : std::size(kPaths));
  for (std::size_t i = 0; i < std::size(kPaths); ++i) {
    stream::Column column;
    column.path = kPaths[i];
    column.row_values = kValues;
    column.fill = -1;
    const std::size_t bytes = hdf5::size_of(column.type);
    column.filters = codec::Pipeline::usual(i == 0 ? std::optional(bytes) : std::nullopt, 1);
    column.effort = {codec::Encoder::kLibdeflate, 1, bytes, column.row_bytes()};
    options.streams[i % options.streams.size()].columns.push_back(column);
  }
  for (stream::StreamOptions& stream : options.streams) {
    stream.rows = kRows;
    stream.blocks = 3;
    stream.base = rows / kRows * kRows;
    stream.tail = rows % kRows;
  }
  options.threads = 1;
  options.run.durability = stream::Durability::kProcess;
  options.run.new_file = rows == 0;
  options.run.marked = "/tracking";
  return options;
}

void make_datasets(const std::shared_ptr<hdf5::File>& made) {
  test::make_group(made, "/tracking");
  for (std::size_t i = 0; i < std::size(kPaths); ++i) test::make_rows(made, {kPaths[i], kRows, kValues, -1, 1, i == 0});
}

void put_rows(stream::BlockStream& writer, std::size_t count) {
  for (std::size_t row = 0; row < count; ++row) {
    stream::Block& block = *writer.blocks()[writer.acquire()];
    const std::int32_t at = block.counted_rows();
    for (const std::size_t offset : writer.layout().offsets) {
      auto* values = reinterpret_cast<std::int32_t*>(block.data() + offset) + static_cast<std::size_t>(at) * kValues;
      for (std::size_t i = 0; i < kValues; ++i) values[i] = static_cast<std::int32_t>(row * 31 + i);
    }
    block.count(at + 1);
    if (static_cast<std::size_t>(at) + 1 == kRows) writer.submit(true);
  }
}

// Writes in a child process, which exits without closing the writer.
LeftFiles files_of_killed_writer(std::size_t rows, std::size_t resumed_with, Streams streams = Streams::kOne) {
  if (const pid_t child = fork(); child != 0) {
    int status = 0;
    require(waitpid(child, &status, 0) == child && status == 0, "the writer of the sample files failed");
    LeftFiles result{read_bytes(file()), read_bytes(journal_of(file()))};
    std::filesystem::remove(file());
    std::filesystem::remove(journal_of(file()));
    return result;
  }
  const auto write = [&](system::Access access, std::size_t before, std::size_t count, bool close) {
    auto made = std::make_shared<hdf5::File>(file(), access);
    if (before == 0) make_datasets(made);
    auto writer = stream::BlockWriter::open(std::move(made), options_of(streams, before), nullptr);
    for (std::size_t i = 0; i < writer->streams(); ++i) put_rows(writer->stream(i), count);
    stream::wait_for(
        [&](stream::Done done) { close ? writer->close(std::move(done)) : writer->drain(std::move(done)); });
  };
  write(system::Access::kCreate, 0, rows, resumed_with > 0);
  if (resumed_with > 0) write(system::Access::kReadWrite, rows, resumed_with, false);
  _exit(0);
}

template <typename T>
T* at(Bytes& bytes, std::uint64_t offset) {
  const bool there = offset % alignof(T) == 0 && offset <= bytes.size() && bytes.size() - offset >= sizeof(T);
  return there ? reinterpret_cast<T*>(bytes.data() + offset) : nullptr;
}

std::uint32_t crc_of(const Bytes& bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) return 0;
  return journal::crc32(bytes.data() + offset, size);
}

std::uint64_t some_number(FuzzedDataProvider& input, std::uint64_t now) {
  switch (input.ConsumeIntegralInRange(0, 4)) {
    case 0:
      return now + static_cast<std::uint64_t>(input.ConsumeIntegralInRange<std::int64_t>(-16, 16));
    case 1:
      return input.ConsumeIntegralInRange<std::uint64_t>(0, 1 << 20);
    case 2:
      return std::uint64_t{1} << input.ConsumeIntegralInRange(0, 63);
    case 3:
      return UINT64_MAX - input.ConsumeIntegral<std::uint8_t>();
    default:
      return input.ConsumeIntegral<std::uint64_t>();
  }
}

// Changes eight or four aligned bytes within the range.
void change_number(FuzzedDataProvider& input, Bytes& bytes, std::uint64_t begin, std::uint64_t end) {
  end = std::min<std::uint64_t>(end, bytes.size());
  if (begin >= end) return;
  const std::uint64_t offset = input.ConsumeIntegralInRange<std::uint64_t>(begin, end - 1);
  if (input.ConsumeBool()) {
    if (auto* number = at<std::uint64_t>(bytes, offset / 8 * 8)) *number = some_number(input, *number);
  } else if (auto* half = at<std::uint32_t>(bytes, offset / 4 * 4)) {
    *half = static_cast<std::uint32_t>(some_number(input, *half));
  }
}

void change(FuzzedDataProvider& input, LeftFiles& pair) {
  Bytes& bytes = pair.journal;
  journal::Header header{};
  if (const auto* found = at<journal::Header>(bytes, 0)) header = *found;
  const std::uint64_t records = header.records_offset, columns = header.columns_offset;
  journal::StreamsHeader streams{};
  if (const auto* found = at<journal::StreamsHeader>(bytes, sizeof header)) streams = *found;
  switch (input.ConsumeIntegralInRange(0, 12)) {
    case 0:
      return change_number(input, bytes, offsetof(journal::Header, device), sizeof header);
    case 1:
      return change_number(input, bytes, journal::kPage, journal::kPage + sizeof(journal::Live));
    case 2:
      return change_number(input, bytes, columns, columns + header.columns_bytes);
    case 3:
      return change_number(input, bytes, header.texts_offset, header.texts_offset + header.texts_bytes);
    case 4:
      return change_number(input, bytes, header.skeleton_offset, header.skeleton_offset + header.skeleton_bytes);
    case 5:
      return change_number(input, bytes, header.slots_offset, records);
    case 6:
      return change_number(input, bytes, records, records + 8 * header.record_bytes);
    case 7:
      return change_number(input, pair.file, 0, pair.file.size());
    case 8:
      return bytes.resize(input.ConsumeIntegralInRange<std::size_t>(0, bytes.size()));
    case 9:
      return change_number(input, bytes, sizeof header, sizeof header + sizeof streams);
    case 10:
      return change_number(input, bytes, streams.streams_offset, columns);
    case 11:
      return change_number(input, bytes, streams.lives_offset, streams.lives_offset + 2 * sizeof(journal::StreamLive));
    default:
      return pair.file.resize(input.ConsumeIntegralInRange<std::size_t>(0, pair.file.size()));
  }
}

void correct_streams(std::uint8_t what, Bytes& bytes) {
  auto* streams = at<journal::StreamsHeader>(bytes, sizeof(journal::Header));
  if (!streams) return;
  const std::uint64_t count = std::min<std::uint64_t>(streams->streams, 1000);
  streams->streams_crc = crc_of(bytes, streams->streams_offset, count * sizeof(journal::StreamHead));
  streams->crc = journal::self_crc(*streams);
  for (std::uint64_t i = 0; what & 16 && i < count; ++i) {
    auto* live = at<journal::StreamLive>(bytes, streams->lives_offset + i * sizeof(journal::StreamLive));
    if (!live) return;
    for (auto& durable : live->durable) durable.crc = journal::self_crc(durable);
  }
}

void correct_checksums(std::uint8_t what, Bytes& bytes) {
  auto* header = at<journal::Header>(bytes, 0);
  if (!header) return;
  if (what & 1) header->columns_crc = crc_of(bytes, header->columns_offset, header->columns_bytes);
  if (what & 2) header->texts_crc = crc_of(bytes, header->texts_offset, header->texts_bytes);
  if (what & 4) header->skeleton_crc = crc_of(bytes, header->skeleton_offset, header->skeleton_bytes);
  if (what & 8) std::memset(header->boot_id, '0', sizeof header->boot_id);
  header->crc = journal::self_crc(*header);
  if (journal::has_several_streams(header->version)) correct_streams(what, bytes);
  if (auto* live = at<journal::Live>(bytes, journal::kPage); live && what & 16) {
    live->mark.crc = journal::self_crc(live->mark);
    live->successor.crc = journal::self_crc(live->successor);
    for (auto& durable : live->durable) durable.crc = journal::self_crc(durable);
  }
  if (!(what & 32) || header->record_bytes < sizeof(journal::RecordHead) || header->record_bytes > 4096) return;
  for (std::uint64_t i = 0; i < 16; ++i) {
    const std::uint64_t offset = header->records_offset + i * header->record_bytes;
    auto* head = at<journal::RecordHead>(bytes, offset);
    if (!head || head->rows == 0) return;
    head->crc = 0;
    head->crc = crc_of(bytes, offset, header->record_bytes);
  }
}

void read_all_rows(bool rebuilt) {
  hdf5::File whole(file(), system::Access::kRead);
  hsize_t rows = 0;
  for (const char* path : kPaths) {
    std::shared_ptr<hdf5::Dataset> dataset;
    try {
      dataset = hdf5::open_dataset(whole, path);
    } catch (const Error&) {
      continue;
    }
    const auto info = dataset->info();
    rows = info.shape->front();
    // A file without a usable journal stays as it is, also if it is damaged.
    require(!rebuilt || rows < 1000, "the recovered file has more rows than the writer wrote");
    Bytes values(rows * kValues * 8 + 8);
    if (info.shape->size() == 2 && (*info.shape)[1] == kValues)
      dataset->read(hdf5::Element::kInt32, {0, 0}, {rows, kValues}, values.data());
  }
}

void follow() {
  try {
    const auto follower = stream::Follower::open(file());
    if (!follower) return;
    const auto now = follower->look();
    for (std::size_t stream = 0; stream < now.rows.size(); ++stream) {
      std::vector<Bytes> values;
      std::vector<unsigned char*> out;
      for (const auto& column : follower->streams()[stream].columns()) {
        values.emplace_back(column.row_bytes());
        out.push_back(values.back().data());
      }
      for (std::uint64_t row = 0; row < std::min<std::uint64_t>(now.rows[stream], 100); ++row) {
        if (!follower->copy(stream, row, 1, out)) follower->load(stream, row, 1, out);
      }
    }
  } catch (const Error&) {
  } catch (const journal::Damaged&) {
  } catch (const journal::SystemError&) {
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  std::string pattern = std::string(base) + "/h5tracks-fuzz-XXXXXX";
  folder = mkdtemp(pattern.data());
  std::atexit([] { std::filesystem::remove_all(folder); });
  // Made before this process has threads: with rows in the open block only, with chunks, resumed after a partial
  // chunk, and with two streams.
  left = {files_of_killed_writer(5, 0),
          files_of_killed_writer(3 * kRows + 5, 0),
          files_of_killed_writer(2 * kRows + 3, 1),
          files_of_killed_writer(2 * kRows + 3, 2 * kRows),
          files_of_killed_writer(2 * kRows + 5, 0, Streams::kTwo),
          files_of_killed_writer(kRows + 3, 2 * kRows, Streams::kTwo)};
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  LeftFiles pair = left[input.ConsumeIntegralInRange<std::size_t>(0, left.size() - 1)];
  const bool has_correct_checksums = input.ConsumeBool();
  const auto what = input.ConsumeIntegral<std::uint8_t>();
  write_bytes(file(), pair.file);
  struct stat status {};
  require(stat(file().c_str(), &status) == 0, "stat");
  if (auto* header = at<journal::Header>(pair.journal, 0)) {
    header->device = status.st_dev;
    header->inode = status.st_ino;
    header->crc = journal::self_crc(*header);
  }
  for (int changes = 0; changes < 20 && input.remaining_bytes() > 0; ++changes) change(input, pair);
  if (has_correct_checksums) correct_checksums(what, pair.journal);
  write_bytes(file(), pair.file);
  write_bytes(journal_of(file()), pair.journal);

  follow();
  try {
    const bool rebuilt = stream::recover(file()).rebuilt;
    require(!std::filesystem::exists(journal_of(file())), "a recovery left the journal");
    try {
      read_all_rows(rebuilt);
    } catch (const Error&) {
      // The file was damaged before, or the skeleton is forged.
    }
  } catch (const Error& error) {
    require(error.code == "ERR_JOURNAL" || error.error_number != 0, error.code + ": " + error.what());
    require(read_bytes(file()) == pair.file, std::string("a failed recovery changed the file: ") + error.what());
    require(std::filesystem::exists(journal_of(file())), "a failed recovery removed the journal");
    std::filesystem::remove(journal_of(file()));
  } catch (const std::bad_alloc&) {
    std::filesystem::remove(journal_of(file()));
  }
  require(!std::filesystem::exists(file() + ".recovering"), "a recovery left an unfinished file");
  std::filesystem::remove(file());
  return 0;
}
