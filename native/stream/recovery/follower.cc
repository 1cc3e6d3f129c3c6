#include "stream/recovery/follower.h"

#include <algorithm>
#include <cstring>

#include "journal/journal.h"
#include "stream/blocks/journal_columns.h"
#include "stream/run_state/abandoned_replacement.h"
#include "stream/run_state/journal_errors.h"
#include "system/byte_lock.h"
#include "system/process/identity.h"
#include "system/real_path.h"

namespace h5tracks::stream {

std::shared_ptr<Follower> Follower::open(const std::string& given) {
  const std::string path = system::real_path(given);
  const std::string beside = journal::path_beside(path);
  try {
    auto journal =
        on_journal(path, beside, [&] { return journal::Reader::open(beside, journal::Reader::Access::kRead); });
    if (!journal || is_abandoned_replacement(*journal, path)) return nullptr;
    system::Descriptor file(system::open_file(path, system::OpenMode::kRead));
    if (!file) throw system_error(errno, "open", path);
    return std::shared_ptr<Follower>(new Follower(path, std::move(*journal), std::move(file)));
  } catch (const journal::Damaged& error) {
    throw Error("ERR_JOURNAL", "the journal '" + beside + "' cannot be followed: " + error.what());
  }
}

Follower::Follower(std::string path, journal::Reader journal, system::Descriptor file)
    : path(std::move(path)),
      journal_(std::move(journal)),
      file_(std::move(file)),
      same_boot_(journal_.boot_id() == system::boot_id()),
      loaded_(journal_.streams().size()) {}

Follower::~Follower() {
  // Its writer cannot remove the journal of a closed file while it is mapped here (Windows).
  if (journal_.state() != journal::State::kClosed) return;
  journal_.unmap();
  system::remove_left_behind(journal_.file());
}

Follower::Now Follower::look() const {
  // Checked before the rows, because a writer counts all its rows before it closes or dies. After a reboot, a process
  // that holds the journal is a recovery and not the writer.
  const bool alive = same_boot_ && system::held_elsewhere(journal_.file()) != system::Held::kNo;
  const bool closed = journal_.state() == journal::State::kClosed;
  Now now{{}, closed, alive};
  for (const journal::StreamReader& stream : streams()) now.rows.push_back(rows_now(stream));
  return now;
}

std::uint64_t Follower::rows_now(const journal::StreamReader& stream) {
  std::uint64_t committed, rows;
  do {
    committed = rows = stream.committed_rows();
    for (const auto& block : stream.open_blocks(committed)) rows = block.base + block.rows;
    // If a block was committed meanwhile, that block and those after it were missed.
  } while (stream.committed_rows() != committed);
  return rows;
}

codec::Bytes Follower::skeleton() const {
  try {
    return on_journal(path, journal_.path(), [&] {
      const unsigned char* bytes = journal_.skeleton();
      return codec::Bytes(bytes, bytes + journal_.header().skeleton_bytes);
    });
  } catch (const journal::Damaged& error) {
    throw unreadable(error.what());
  }
}

bool Follower::copy(std::size_t index, std::uint64_t first, std::uint64_t count, const Out& out) const {
  const journal::StreamReader& stream = streams()[index];
  const std::uint64_t base = first - first % stream.rows();
  const auto blocks = stream.open_blocks(base);
  if (blocks.empty() || first + count > base + blocks.front().rows) return false;
  const auto& block = blocks.front();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const journal::Column& column = stream.columns()[i];
    const std::uint64_t bytes = column.row_bytes();
    std::memcpy(out[i], stream.slot(block.index) + column.offset + (first - base) * bytes, count * bytes);
  }
  return stream.is_unchanged(block);
}

void Follower::load(std::size_t index, std::uint64_t first, std::uint64_t count, const Out& out) {
  const journal::StreamReader& stream = streams()[index];
  const std::uint64_t block = first / stream.rows();
  Loaded& loaded = loaded_[index];
  if (loaded.block != block) decode(index, block);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t bytes = stream.columns()[i].row_bytes();
    std::memcpy(out[i], loaded.values[i].data() + first % stream.rows() * bytes, count * bytes);
  }
}

void Follower::decode(std::size_t index, std::uint64_t block) {
  const journal::Record record = record_of(index, block);
  const std::size_t columns = streams()[index].columns().size();
  loaded_[index].block = UINT64_MAX;
  loaded_[index].values.resize(columns);
  for (std::size_t i = 0; i < columns; ++i) decode_column(record, i);
  loaded_[index].block = block;
}

journal::Record Follower::record_of(std::size_t index, std::uint64_t block) {
  const journal::StreamReader& stream = streams()[index];
  const auto record = on_journal(path, journal_.path(), [&]() -> std::optional<journal::Record> {
    // The records of a single stream are in its order.
    if (streams().size() == 1) return journal_.record(block);
    const std::vector<std::uint64_t>& records = loaded_[index].records;
    if (block >= records.size()) find_records();
    return block < records.size() ? journal_.record(records[block]) : std::nullopt;
  });
  if (record && record->stream == index && record->base == block * stream.rows()) return *record;
  throw unreadable("its journal does not say where row " + std::to_string(block * stream.rows()) + " is");
}

// Notes where the records of each stream are, as far as there are any.
void Follower::find_records() {
  for (; const auto record = journal_.record(records_found_); ++records_found_) {
    loaded_[record->stream].records.push_back(records_found_);
  }
}

void Follower::decode_column(const journal::Record& record, std::size_t index) {
  const journal::StreamReader& stream = streams()[record.stream];
  const journal::Column& column = stream.columns()[index];
  const journal::ChunkPlace& place = record.chunks[index];
  const std::uint64_t bytes = stream.rows() * column.row_bytes();
  const auto is_whole = [&] {
    if (!is_possible_size(place.size, bytes)) return false;
    chunk_.resize(place.size);
    return on_journal(path, path, [&] {
      return journal::read_fully(file_.get(), chunk_.data(), chunk_.size(), place.address) &&
             (!place.has_crc || journal::crc32(chunk_.data(), chunk_.size()) == place.crc);
    });
  };
  codec::Bytes& values = loaded_[record.stream].values[index];
  values.resize(bytes);
  if (is_whole() &&
      filters_of(column).without(place.skipped).decode(chunk_.data(), chunk_.size(), values.data(), bytes))
    return;
  throw unreadable("rows " + std::to_string(record.base) + " to " + std::to_string(record.base + record.rows - 1) +
                   " of '" + column.path + "' are damaged, or were overwritten after the writer had closed the file");
}

Error Follower::unreadable(const std::string& what) const {
  return Error("ERR_JOURNAL", "'" + path + "' cannot be followed further: " + what);
}

}  // namespace h5tracks::stream
