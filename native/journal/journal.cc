#include "journal/journal.h"

#include <cerrno>
#include <cstring>

#include "journal/reader.h"
#include "system/byte_lock.h"
#include "system/io.h"
#include "system/memory.h"
#include "system/process/identity.h"

namespace h5tracks::journal {

namespace {

// Reserve space for many records at once, to call the file system less often.
constexpr std::size_t kRecordsAtOnce = 256;

std::size_t pages(std::size_t bytes) { return system::whole(kPage, bytes); }

template <std::size_t Size>
void copy_text(char (&to)[Size], const std::string& from) {
  std::memcpy(to, from.data(), std::min(Size, from.size()));
}

std::vector<std::string> texts_of(const Plan& plan) {
  std::vector<std::string> texts{plan.marked};
  texts.insert(texts.end(), plan.lost.begin(), plan.lost.end());
  return texts;
}

[[noreturn]] void refuse(int number, const char* syscall) {
  errno = number;
  throw_errno(syscall);
}

// Opens the journal and takes its lock, which tells other processes that the writer lives.
system::Descriptor open_locked(const std::string& path, const Plan& plan) {
  for (;;) {
    system::Descriptor file(system::open_file(path, system::OpenMode::kReadWriteOrCreate, {true, false}));
    if (!file) throw_errno("open");
    if (system::hold(file.get()) == EAGAIN) refuse(EBUSY, "open");
    if (holds_run(file.get())) refuse(EEXIST, "open");
    // Another process may have removed it between open and lock.
    if (!is_named(file.get(), path)) continue;
    if (status_of(file.get()).bytes == 0) {
      system::share_as(file.get(), plan.rights);
      return file;
    }
    // The remains of a dead process; they hold no run. Removed rather than truncated, because a follower may still have
    // the file mapped.
    if (!system::remove_file(path)) throw_errno("unlink");
  }
}

}  // namespace

std::string path_beside(const std::string& file) { return file + ".journal"; }

std::string new_run_id() {
  static constexpr char kDigits[] = "0123456789abcdef";
  unsigned char random[kRunIdBytes / 2];
  if (!system::random_bytes(random, sizeof random)) throw_errno("getentropy");
  std::string id;
  for (const unsigned char byte : random) {
    id += kDigits[byte >> 4];
    id += kDigits[byte & 15];
  }
  return id;
}

void discard(const std::string& path) {
  const system::Descriptor file(system::open_file(path, system::OpenMode::kReadWrite, {false, false}));
  if (!file && errno == ENOENT) return;
  if (!file) throw_errno("open");
  if (system::hold(file.get()) == EAGAIN) refuse(EBUSY, "unlink");
  if (is_named(file.get(), path) && !system::remove_file(path)) throw_errno("unlink");
}

Journal::Journal(const Plan& plan) : path(path_beside(plan.file)), file_(open_locked(path, plan)) {
  std::memcpy(header_.magic, kMagic, sizeof kMagic);
  copy_text(header_.run_id, plan.run_id);
  copy_text(header_.boot_id, system::boot_id());
  header_.device = plan.device;
  header_.inode = plan.inode;
  try {
    write_lists(plan);
  } catch (...) {
    system::remove_file(path);
    throw;
  }
}

// What each stream has where, except for its slots, which follow all lists.
void Journal::place_streams(const Plan& plan) {
  std::size_t most_columns = 0, lives = 2 * kPage;
  for (const PlannedStream& planned : plan.streams) {
    Stream stream;
    stream.head = {planned.rows, planned.slots, pages(planned.slot_bytes), 0, planned.columns.size()};
    stream.committed_at = lives + offsetof(StreamLive, committed_rows);
    stream.durable_at = lives + offsetof(StreamLive, durable);
    lives += sizeof(StreamLive);
    header_.columns += planned.columns.size();
    most_columns = std::max(most_columns, planned.columns.size());
    streams_.push_back(stream);
  }
  const bool one = streams_.size() == 1;
  header_.version = plan.skips ? (one ? kOneStreamSkips : kSeveralStreamsSkip) : (one ? kOneStream : kSeveralStreams);
  header_.record_bytes = record_bytes(header_.version, most_columns);
  header_.columns_offset = 2 * kPage;
  if (one) {
    streams_.front().committed_at = kPage + offsetof(Live, committed_rows);
    streams_.front().durable_at = kPage + offsetof(Live, durable);
    return;
  }
  streams_header_.streams = streams_.size();
  streams_header_.lives_offset = 2 * kPage;
  streams_header_.streams_offset = pages(lives);
  header_.columns_offset = streams_header_.streams_offset + streams_.size() * sizeof(StreamHead);
}

// Where the lists lie, and behind them the slots. Returns the end of the slots.
std::size_t Journal::place_lists(const Plan& plan, std::size_t columns_bytes, std::size_t texts_bytes) {
  header_.columns_bytes = columns_bytes;
  header_.texts_offset = header_.columns_offset + columns_bytes;
  header_.texts_bytes = texts_bytes;
  header_.skeleton_offset = pages(header_.texts_offset + texts_bytes);
  header_.skeleton_bytes = plan.skeleton.size();
  std::size_t end = header_.skeleton_offset + header_.skeleton_bytes;
  for (Stream& stream : streams_) {
    const std::size_t slots = stream.head.slots * stream.head.slot_bytes;
    // Slots that fill a huge page begin at the boundary of one.
    stream.head.slots_offset = system::whole(slots < system::kLargePage ? kPage : system::kLargePage, end);
    end = stream.head.slots_offset + slots;
  }
  return end;
}

void Journal::write_lists(const Plan& plan) {
  place_streams(plan);
  std::vector<unsigned char> columns;
  std::size_t records = kRecordsAtOnce;
  for (const PlannedStream& planned : plan.streams) {
    encode(planned.columns, columns);
    records += planned.before.size();
  }
  const auto texts = encode(texts_of(plan));
  header_.records_offset = end_ = place_lists(plan, columns.size(), texts.size());
  reserve(end_ + records * header_.record_bytes);
  mapping_ = system::Mapping::of(file_.get(), header_.records_offset, system::Mapping::Access::kReadWrite);
  if (!mapping_) throw_errno("mmap");
  // Writing the page puts it into the page cache. Otherwise the first touch would make the system read megabytes around
  // it.
  put(std::vector<unsigned char>(kPage), kPage);
  write_streams();
  header_.columns_crc = put(columns, header_.columns_offset);
  header_.texts_crc = put(texts, header_.texts_offset);
  header_.skeleton_crc = put(plan.skeleton, header_.skeleton_offset);
  for (const PlannedStream& planned : plan.streams) {
    for (const Record& record : planned.before) append(record);
  }
}

// The header has room for the shape of one stream.
void Journal::write_streams() {
  if (!has_several_streams(header_.version)) {
    const StreamHead& head = streams_.front().head;
    header_.rows = head.rows;
    header_.slots = head.slots;
    header_.slot_bytes = head.slot_bytes;
    header_.slots_offset = head.slots_offset;
    return;
  }
  std::vector<unsigned char> heads;
  for (const Stream& stream : streams_) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(&stream.head);
    heads.insert(heads.end(), bytes, bytes + sizeof stream.head);
  }
  put(std::vector<unsigned char>(streams_header_.streams_offset - 2 * kPage), 2 * kPage);
  streams_header_.streams_crc = put(heads, streams_header_.streams_offset);
}

Journal::~Journal() {
  if (settled_) return;
  mapping_ = {};
  system::remove_file(path);
}

// Returns the checksum of `bytes`.
std::uint32_t Journal::put(const std::vector<unsigned char>& bytes, std::size_t offset) {
  write_fully(file_.get(), bytes.data(), bytes.size(), offset);
  return crc32(bytes.data(), bytes.size());
}

void Journal::begin() {
  header_.crc = self_crc(header_);
  if (has_several_streams(header_.version)) {
    streams_header_.crc = self_crc(streams_header_);
    write_fully(file_.get(), &streams_header_, sizeof streams_header_, sizeof header_);
  }
  // Writes the first word last, in one store: a partly written header would look like damage.
  constexpr std::size_t kWord = sizeof header_.magic;
  write_fully(file_.get(), reinterpret_cast<const char*>(&header_) + kWord, sizeof header_ - kWord, kWord);
  std::uint64_t word;
  static_assert(sizeof word == kWord);
  std::memcpy(&word, header_.magic, kWord);
  __atomic_store_n(reinterpret_cast<std::uint64_t*>(mapping_.data()), word, __ATOMIC_RELEASE);
  settled_ = true;
}

unsigned char* Journal::slot(std::size_t stream, std::size_t index) const {
  const StreamHead& head = streams_[stream].head;
  return mapping_.data() + head.slots_offset + index * head.slot_bytes;
}

void Journal::fill_slots(std::size_t stream, std::size_t offset, const void* bytes, std::size_t size) {
  const std::lock_guard<std::mutex> guard(filling_);
  if (!file_) return;
  const std::size_t at = streams_[stream].head.slots_offset + offset;
  write_fully(file_.get(), bytes, size, at);
  system::populate(mapping_.data() + at, size);
}

void Journal::set_mark(std::uint64_t address) {
  RunMark mark{};
  std::memcpy(mark.run_id, header_.run_id, kRunIdBytes);
  mark.address = address;
  mark.crc = self_crc(mark);
  live().mark = mark;
}

void Journal::append(const Record& record) {
  const auto bytes = encode(record, header_.version, header_.record_bytes);
  if (end_ + bytes.size() > reserved_) reserve(end_ + kRecordsAtOnce * bytes.size());
  write_fully(file_.get(), bytes.data(), bytes.size(), end_);
  end_ += bytes.size();
  auto* committed = at<std::uint64_t>(streams_[record.stream].committed_at);
  __atomic_store_n(committed, record.base + record.rows, __ATOMIC_RELEASE);
}

void Journal::note_durable(std::size_t index, std::size_t slot, std::uint64_t base, std::uint32_t rows,
                           std::uint32_t values_crc) {
  Stream& stream = streams_[index];
  DurableRows durable{++stream.durable_sequence, base, static_cast<std::uint32_t>(slot), rows, values_crc, 0};
  durable.crc = self_crc(durable);
  at<DurableRows>(stream.durable_at)[stream.durable_sequence % 2] = durable;
}

void Journal::sync() {
  if (!mapping_.pass_on()) throw_errno("fdatasync");
  journal::sync(file_.get());
}

void Journal::sync_with_name() {
  sync();
  sync_directory_of(path);
}

void Journal::set_state(State state) {
  __atomic_store_n(&live().state, static_cast<std::uint32_t>(state), __ATOMIC_RELEASE);
}

void Journal::set_closing() { set_state(State::kClosing); }

void Journal::remove(bool for_good) {
  set_state(State::kClosed);
  settled_ = true;
  mapping_.detach();
  remove_if_exists(path);
  if (for_good) sync_directory_of(path);
}

void Journal::release() {
  const std::lock_guard<std::mutex> guard(filling_);
  if (!file_) return;
  mapping_.detach();
  file_ = system::Descriptor();
}

void Journal::reserve(std::size_t end) {
  if (system::exceeds_size_limit(end)) refuse(EFBIG, "fallocate");
  // Never sparse: if the disk is full, touching a hole in a mapped file ends in SIGBUS.
  if (!system::allocate(file_.get(), reserved_, end)) throw_errno("fallocate");
  reserved_ = end;
}

}  // namespace h5tracks::journal
