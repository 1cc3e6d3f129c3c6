#include "journal/reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "journal/fence.h"

namespace h5tracks::journal {

namespace {

void require(bool holds, const char* what) {
  if (!holds) throw Damaged(std::string("its header is damaged: ") + what);
}

std::size_t file_bytes(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw_errno("fstat");
  return S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
}

// Whether [offset, offset + count * bytes) lies within [0, end); cannot overflow.
bool fits(std::uint64_t offset, std::uint64_t count, std::uint64_t bytes, std::uint64_t end) {
  return offset <= end && (bytes == 0 || count <= (end - offset) / bytes);
}

}  // namespace

bool holds_run(int descriptor) {
  char magic[sizeof kMagic] = {};
  constexpr char kNothing[sizeof kMagic] = {};
  if (!read_fully(descriptor, magic, sizeof magic, 0) || std::memcmp(magic, kNothing, sizeof magic) == 0) return false;
  State state;
  return !read_fully(descriptor, &state, sizeof state, kPage + offsetof(Live, state)) || state != State::kClosed;
}

bool is_named(int descriptor, const std::string& path) {
  struct stat open {
  }, named{};
  if (::fstat(descriptor, &open) != 0) throw_errno("fstat");
  return ::lstat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

Successor fingerprint(int descriptor) {
  Successor successor{};
  successor.file_bytes = file_bytes(descriptor);
  std::vector<unsigned char> head(std::min<std::size_t>(kHeadBytes, successor.file_bytes));
  if (read_fully(descriptor, head.data(), head.size(), 0)) successor.head_crc = crc32(head.data(), head.size());
  return successor;
}

std::optional<Reader> Reader::open(const std::string& path, Mapping::Access access) {
  const int flags = access == Mapping::Access::kRead ? O_RDONLY : O_RDWR;
  Descriptor descriptor(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor && (errno == ENOENT || errno == ENAMETOOLONG)) return std::nullopt;
  if (!descriptor) throw_errno("open");
  if (!holds_run(descriptor.get())) return std::nullopt;
  Reader reader;
  reader.path_ = path;
  reader.descriptor_ = std::move(descriptor);
  const std::size_t bytes = file_bytes(reader.descriptor());
  if (!read_fully(reader.descriptor(), &reader.header_, sizeof reader.header_, 0)) throw Damaged("it is truncated");
  reader.check_header(bytes);
  reader.mapping_ = Mapping(reader.descriptor(), reader.header_.records_offset, Mapping::Access::kRead);
  reader.read_columns();
  reader.read_texts();
  return reader;
}

void Reader::check_header(std::size_t bytes) const {
  const Header& h = header_;
  require(std::memcmp(h.magic, kMagic, sizeof kMagic) == 0, "it does not begin as a journal does");
  if (h.version != kVersion)
    throw Damaged("it has version " + std::to_string(h.version) + ", which this h5tracks does not know");
  require(h.crc == self_crc(h), "checksum");
  require(h.records_offset <= bytes && h.records_offset >= 2 * kPage, "the file is shorter than it says");
  require(h.rows > 0 && h.rows <= INT32_MAX && h.slots > 0 && h.slot_bytes >= sizeof(SlotHead), "blocks");
  require(h.slots_offset % 8 == 0 && h.slot_bytes % 8 == 0, "alignment");
  require(fits(h.slots_offset, h.slots, h.slot_bytes, h.records_offset), "slots");
  require(fits(h.columns_offset, 1, h.columns_bytes, h.records_offset), "columns");
  require(fits(h.texts_offset, 1, h.texts_bytes, h.records_offset), "names");
  require(fits(h.skeleton_offset, 1, h.skeleton_bytes, h.records_offset), "skeleton");
  require(h.columns_bytes <= kMostListBytes && h.texts_bytes <= kMostListBytes, "lists");
  require(h.columns > 0 && h.columns <= h.columns_bytes && h.record_bytes == record_bytes(h.columns), "records");
}

const unsigned char* Reader::skeleton() const {
  const unsigned char* at = mapping_.data() + header_.skeleton_offset;
  if (crc32(at, header_.skeleton_bytes) != header_.skeleton_crc) throw Damaged("its copy of the empty file is damaged");
  return at;
}

std::string Reader::boot_id() const { return {header_.boot_id, strnlen(header_.boot_id, sizeof header_.boot_id)}; }

State Reader::state() const { return static_cast<State>(__atomic_load_n(&live().state, __ATOMIC_ACQUIRE)); }

std::uint64_t Reader::committed_rows() const { return __atomic_load_n(&live().committed_rows, __ATOMIC_ACQUIRE); }

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
  write_fully(descriptor(), &successor, sizeof successor, kPage + offsetof(Live, successor));
}

std::optional<Record> Reader::record(std::uint64_t index) const {
  if (index > (UINT64_MAX / 2 - header_.records_offset) / header_.record_bytes) return std::nullopt;
  std::vector<unsigned char> bytes(header_.record_bytes);
  const std::uint64_t offset = header_.records_offset + index * header_.record_bytes;
  if (!read_fully(descriptor(), bytes.data(), bytes.size(), offset)) return std::nullopt;
  RecordHead head;
  std::memcpy(&head, bytes.data(), sizeof head);
  std::memset(bytes.data(), 0, sizeof head.crc);
  if (head.rows != header_.rows || crc32(bytes.data(), bytes.size()) != head.crc) return std::nullopt;
  Record record{head.base, head.rows, std::vector<ChunkPlace>(header_.columns)};
  std::memcpy(record.chunks.data(), bytes.data() + sizeof head, bytes.size() - sizeof head);
  return record;
}

const unsigned char* Reader::slot(std::size_t index) const {
  return mapping_.data() + header_.slots_offset + index * header_.slot_bytes;
}

std::optional<Reader::Slot> Reader::slot_now(std::size_t index) const {
  const auto* head = reinterpret_cast<const SlotHead*>(slot(index));
  const std::uint64_t generation = __atomic_load_n(&head->generation, __ATOMIC_ACQUIRE);
  const std::int32_t rows = __atomic_load_n(&head->counted_rows, __ATOMIC_ACQUIRE);
  const Slot found{index, __atomic_load_n(&head->base, __ATOMIC_ACQUIRE), generation, static_cast<std::uint32_t>(rows)};
  if (rows <= 0 || static_cast<std::uint64_t>(rows) > header_.rows || !is_unchanged(found)) return std::nullopt;
  return found;
}

bool Reader::is_unchanged(const Slot& seen) const {
  acquire_fence();
  const auto* head = reinterpret_cast<const SlotHead*>(slot(seen.index));
  return __atomic_load_n(&head->generation, __ATOMIC_RELAXED) == seen.generation;
}

std::uint64_t Reader::tally() const {
  // JavaScript counts exactly only up to here. No checksum guards the number, so a larger one is damage.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53;
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < header_.slots; ++i) {
    const auto* head = reinterpret_cast<const SlotHead*>(slot(i));
    most = std::max(most, __atomic_load_n(&head->tally, __ATOMIC_ACQUIRE));
  }
  return most > kMost ? 0 : most;
}

std::vector<Reader::Slot> Reader::open_blocks(std::uint64_t committed) const {
  std::vector<Slot> found;
  for (std::size_t i = 0; i < header_.slots; ++i) {
    const auto slot = slot_now(i);
    if (slot && slot->base >= committed) found.push_back(*slot);
  }
  std::sort(found.begin(), found.end(), [](const Slot& a, const Slot& b) { return a.base < b.base; });
  std::uint64_t next = committed;
  const auto broken = std::find_if(found.begin(), found.end(), [&](const Slot& slot) {
    if (slot.base != next) return true;
    // Another block can follow only a full one.
    next = slot.rows == header_.rows ? next + slot.rows : UINT64_MAX;
    return false;
  });
  found.erase(broken, found.end());
  return found;
}

std::optional<Reader::Slot> Reader::durable_rows(std::uint64_t committed) const {
  std::optional<Slot> best;
  std::uint64_t sequence = 0;
  for (const DurableRows& in_file : live().durable) {
    const DurableRows durable = in_file;
    if (durable.crc != self_crc(durable) || durable.base != committed || durable.sequence <= sequence) continue;
    if (durable.slot >= header_.slots || durable.rows == 0 || durable.rows > header_.rows) continue;
    if (values_crc(slot(durable.slot), columns_, durable.rows) != durable.values_crc) continue;
    best = Slot{durable.slot, durable.base, 0, durable.rows};
    sequence = durable.sequence;
  }
  return best;
}

}  // namespace h5tracks::journal
