#include "stream/recovery/follower.h"

#include <fcntl.h>

#include <algorithm>
#include <cstring>

#include "journal/holder.h"
#include "journal/journal.h"
#include "stream/blocks/journal_columns.h"
#include "stream/run_state/abandoned_replacement.h"
#include "stream/run_state/journal_errors.h"
#include "system/real_path.h"

namespace h5tracks::stream {

std::shared_ptr<Follower> Follower::open(const std::string& given) {
  const std::string path = system::real_path(given);
  const std::string beside = journal::path_beside(path);
  try {
    auto journal =
        on_journal(path, beside, [&] { return journal::Reader::open(beside, journal::Mapping::Access::kRead); });
    if (!journal || is_abandoned_replacement(*journal, path)) return nullptr;
    journal::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) throw system_error(errno, "open", path);
    return std::shared_ptr<Follower>(new Follower(path, std::move(*journal), std::move(file)));
  } catch (const journal::Damaged& error) {
    throw Error("ERR_JOURNAL", "the journal '" + beside + "' cannot be followed: " + error.what());
  }
}

Follower::Follower(std::string path, journal::Reader journal, journal::Descriptor file)
    : path(std::move(path)),
      journal_(std::move(journal)),
      file_(std::move(file)),
      same_boot_(journal_.boot_id() == journal::current_boot_id()) {}

Follower::Now Follower::look() {
  // Checked before the rows, because a writer counts all its rows before it closes or dies. After a reboot, a process
  // that holds the journal is a recovery and not the writer.
  const bool alive = same_boot_ && journal::held_elsewhere(journal_.descriptor()) != journal::Held::kNo;
  const bool closed = journal_.state() == journal::State::kClosed;
  std::uint64_t committed, rows;
  do {
    committed = rows = journal_.committed_rows();
    for (const auto& block : journal_.open_blocks(committed)) rows = block.base + block.rows;
    // If a block was committed meanwhile, that block and those after it were missed.
  } while (journal_.committed_rows() != committed);
  return {rows, closed, alive};
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

bool Follower::copy(std::uint64_t first, std::uint64_t count, const Out& out) const {
  const std::uint64_t base = first - first % block_rows();
  const auto blocks = journal_.open_blocks(base);
  if (blocks.empty() || first + count > base + blocks.front().rows) return false;
  const journal::Reader::Slot& block = blocks.front();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t bytes = columns()[i].row_bytes();
    std::memcpy(out[i], journal_.slot(block.index) + columns()[i].offset + (first - base) * bytes, count * bytes);
  }
  return journal_.is_unchanged(block);
}

void Follower::load(std::uint64_t first, std::uint64_t count, const Out& out) {
  const std::uint64_t block = first / block_rows();
  if (loaded_ != block) decode(block);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t bytes = columns()[i].row_bytes();
    std::memcpy(out[i], values_[i].data() + first % block_rows() * bytes, count * bytes);
  }
}

void Follower::decode(std::uint64_t block) {
  const journal::Record record = record_of(block);
  loaded_ = UINT64_MAX;
  values_.resize(columns().size());
  for (std::size_t i = 0; i < columns().size(); ++i) decode_column(record, i);
  loaded_ = block;
}

journal::Record Follower::record_of(std::uint64_t block) const {
  const auto record = on_journal(path, journal_.path(), [&] { return journal_.record(block); });
  if (record && record->base == block * block_rows() && record->rows == block_rows()) return *record;
  throw unreadable("its journal does not say where row " + std::to_string(block * block_rows()) + " is");
}

void Follower::decode_column(const journal::Record& record, std::size_t index) {
  const journal::Column& column = columns()[index];
  const journal::ChunkPlace& place = record.chunks[index];
  const std::uint64_t bytes = block_rows() * column.row_bytes();
  const auto is_whole = [&] {
    if (!is_possible_size(place.size, bytes)) return false;
    chunk_.resize(place.size);
    return on_journal(path, path, [&] {
      return journal::read_fully(file_.get(), chunk_.data(), chunk_.size(), place.address) &&
             (!place.has_crc || journal::crc32(chunk_.data(), chunk_.size()) == place.crc);
    });
  };
  values_[index].resize(bytes);
  if (is_whole() && filters_of(column).decode(chunk_.data(), chunk_.size(), values_[index].data(), bytes)) return;
  throw unreadable("rows " + std::to_string(record.base) + " to " + std::to_string(record.base + record.rows - 1) +
                   " of '" + column.path + "' are damaged, or were overwritten after the writer had closed the file");
}

Error Follower::unreadable(const std::string& what) const {
  return Error("ERR_JOURNAL", "'" + path + "' cannot be followed further: " + what);
}

}  // namespace h5tracks::stream
