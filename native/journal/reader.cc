#include "journal/reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace h5tracks::journal {

namespace {

void require(bool holds, const char* what) {
  if (!holds) throw Damaged(std::string("its header is damaged: ") + what);
}

std::size_t file_bytes(system::FileNumber file) {
  const system::FileStatus status = status_of(file);
  return status.kind == system::FileKind::kRegular ? static_cast<std::size_t>(status.bytes) : 0;
}

// Whether [offset, offset + count * bytes) lies within [0, end); cannot overflow.
bool fits(std::uint64_t offset, std::uint64_t count, std::uint64_t bytes, std::uint64_t end) {
  return offset <= end && (bytes == 0 || count <= (end - offset) / bytes);
}

}  // namespace

bool holds_run(system::FileNumber file) {
  char magic[sizeof kMagic] = {};
  constexpr char kNothing[sizeof kMagic] = {};
  if (!read_fully(file, magic, sizeof magic, 0) || std::memcmp(magic, kNothing, sizeof magic) == 0) return false;
  State state;
  return !read_fully(file, &state, sizeof state, kPage + offsetof(Live, state)) || state != State::kClosed;
}

bool is_named(system::FileNumber file, const std::string& path) {
  const system::FileStatus open = status_of(file);
  const auto named = system::link_status_at(path);
  return named && named->is_same_file(open);
}

Successor fingerprint(system::FileNumber file) {
  Successor successor{};
  successor.file_bytes = file_bytes(file);
  std::vector<unsigned char> head(std::min<std::size_t>(kHeadBytes, successor.file_bytes));
  if (read_fully(file, head.data(), head.size(), 0)) successor.head_crc = crc32(head.data(), head.size());
  return successor;
}

std::optional<Reader> Reader::open(const std::string& path, Access access) {
  const bool reads = access == Access::kRead;
  system::Descriptor file(system::open_file(path, reads ? system::OpenMode::kRead : system::OpenMode::kReadWrite));
  if (!file && (errno == ENOENT || errno == ENAMETOOLONG)) return std::nullopt;
  if (!file) throw_errno("open");
  if (!holds_run(file.get())) return std::nullopt;
  Reader reader;
  reader.path_ = path;
  reader.file_ = std::move(file);
  const std::size_t bytes = file_bytes(reader.file());
  if (!read_fully(reader.file(), &reader.header_, sizeof reader.header_, 0)) throw Damaged("it is truncated");
  reader.check_header(bytes);
  reader.mapping_ = system::Mapping::of(reader.file(), reader.header_.records_offset, Access::kRead);
  if (!reader.mapping_) throw_errno("mmap");
  reader.read_columns(reader.placed_streams());
  reader.read_texts();
  return reader;
}

void Reader::check_header(std::size_t bytes) const {
  const Header& h = header_;
  require(std::memcmp(h.magic, kMagic, sizeof kMagic) == 0, "it does not begin as a journal does");
  if (!is_known(h.version))
    throw Damaged("it has version " + std::to_string(h.version) + ", which this h5tracks does not know");
  require(h.crc == self_crc(h), "checksum");
  require(h.records_offset <= bytes && h.records_offset >= 2 * kPage, "the file is shorter than it says");
  require(fits(h.columns_offset, 1, h.columns_bytes, h.records_offset), "columns");
  require(fits(h.texts_offset, 1, h.texts_bytes, h.records_offset), "names");
  require(fits(h.skeleton_offset, 1, h.skeleton_bytes, h.records_offset), "skeleton");
  require(h.columns_bytes <= kMostListBytes && h.texts_bytes <= kMostListBytes, "lists");
  require(h.columns > 0 && h.columns <= h.columns_bytes, "columns");
}

std::vector<Reader::Placed> Reader::placed_streams() const {
  const Header& h = header_;
  std::vector<Placed> placed;
  if (!has_several_streams(h.version)) {
    placed.push_back({{h.rows, h.slots, h.slot_bytes, h.slots_offset, h.columns},
                      kPage + offsetof(Live, committed_rows),
                      kPage + offsetof(Live, durable)});
  } else {
    placed = several_streams();
  }
  std::uint64_t columns = 0, most = 0;
  for (const Placed& stream : placed) {
    check_stream(stream.head);
    columns += stream.head.columns;
    most = std::max(most, stream.head.columns);
  }
  require(columns == h.columns && h.record_bytes == record_bytes(h.version, most), "records");
  return placed;
}

std::vector<Reader::Placed> Reader::several_streams() const {
  StreamsHeader streams;
  std::memcpy(&streams, mapping_.data() + sizeof header_, sizeof streams);
  require(streams.crc == self_crc(streams), "checksum of the streams");
  require(streams.streams > 0 && streams.streams <= header_.columns, "streams");
  require(fits(streams.streams_offset, streams.streams, sizeof(StreamHead), header_.records_offset), "streams");
  require(fits(streams.lives_offset, streams.streams, sizeof(StreamLive), header_.records_offset), "streams");
  require(streams.lives_offset % 8 == 0, "alignment");
  const unsigned char* heads = mapping_.data() + streams.streams_offset;
  require(crc32(heads, streams.streams * sizeof(StreamHead)) == streams.streams_crc, "checksum of the streams");
  std::vector<Placed> placed(streams.streams);
  for (std::size_t i = 0; i < placed.size(); ++i) {
    std::memcpy(&placed[i].head, heads + i * sizeof(StreamHead), sizeof(StreamHead));
    const std::size_t live = streams.lives_offset + i * sizeof(StreamLive);
    placed[i].committed_at = live + offsetof(StreamLive, committed_rows);
    placed[i].durable_at = live + offsetof(StreamLive, durable);
  }
  return placed;
}

void Reader::check_stream(const StreamHead& h) const {
  require(h.rows > 0 && h.rows <= INT32_MAX && h.slots > 0 && h.slot_bytes >= sizeof(SlotHead), "blocks");
  require(h.slots_offset % 8 == 0 && h.slot_bytes % 8 == 0, "alignment");
  require(fits(h.slots_offset, h.slots, h.slot_bytes, header_.records_offset), "slots");
  require(h.columns > 0 && h.columns <= header_.columns, "columns");
}

const unsigned char* Reader::skeleton() const {
  const unsigned char* at = mapping_.data() + header_.skeleton_offset;
  if (crc32(at, header_.skeleton_bytes) != header_.skeleton_crc) throw Damaged("its copy of the empty file is damaged");
  return at;
}

std::string Reader::boot_id() const { return {header_.boot_id, strnlen(header_.boot_id, sizeof header_.boot_id)}; }

State Reader::state() const { return static_cast<State>(__atomic_load_n(&live().state, __ATOMIC_ACQUIRE)); }

bool Reader::has_committed_rows() const {
  return std::any_of(streams_.begin(), streams_.end(), [](const auto& stream) { return stream.committed_rows() > 0; });
}

std::uint64_t Reader::tally() const {
  std::uint64_t most = 0;
  for (const StreamReader& stream : streams_) most = std::max(most, stream.tally());
  return most;
}

std::optional<RunMark> Reader::mark() const {
  const RunMark mark = live().mark;
  if (mark.address == 0 || mark.crc != self_crc(mark)) return std::nullopt;
  return mark;
}

std::optional<Successor> Reader::successor() const {
  const Successor successor = live().successor;
  if (successor.file_bytes == 0 || successor.crc != self_crc(successor)) return std::nullopt;
  return successor;
}

void Reader::set_successor(Successor successor) {
  successor.crc = self_crc(successor);
  write_fully(file(), &successor, sizeof successor, kPage + offsetof(Live, successor));
}

std::optional<Record> Reader::record(std::uint64_t index) const {
  if (index > (UINT64_MAX / 2 - header_.records_offset) / header_.record_bytes) return std::nullopt;
  std::vector<unsigned char> bytes(header_.record_bytes);
  const std::uint64_t offset = header_.records_offset + index * header_.record_bytes;
  if (!read_fully(file(), bytes.data(), bytes.size(), offset)) return std::nullopt;
  RecordHead head;
  RecordStream of{};
  std::memcpy(&head, bytes.data(), sizeof head);
  const std::size_t stream_bytes = has_several_streams(header_.version) ? sizeof of : 0;
  std::memcpy(&of, bytes.data() + sizeof head, stream_bytes);
  std::memset(bytes.data(), 0, sizeof head.crc);
  if (crc32(bytes.data(), bytes.size()) != head.crc || of.stream >= streams_.size()) return std::nullopt;
  const StreamReader& stream = streams_[of.stream];
  if (head.rows != stream.rows()) return std::nullopt;
  Record record{head.base, head.rows, std::vector<ChunkPlace>(stream.columns().size()), of.stream};
  std::memcpy(record.chunks.data(), bytes.data() + sizeof head + stream_bytes,
              record.chunks.size() * sizeof(ChunkPlace));
  return record;
}

}  // namespace h5tracks::journal
