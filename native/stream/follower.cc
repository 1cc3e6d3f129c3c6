#include "stream/follower.h"

#include <fcntl.h>

#include <algorithm>
#include <cstring>

#include "hdf5/error.h"
#include "journal/holder.h"
#include "journal/journal.h"
#include "stream/beside.h"
#include "stream/run.h"

namespace h5tracks::stream {

std::shared_ptr<Follower> Follower::open(const std::string& given) {
  const std::string path = real_path(given);
  const std::string beside = journal::path_beside(path);
  return on_journal(path, beside, [&]() -> std::shared_ptr<Follower> {
    auto journal = journal::Reader::open(beside, journal::Mapping::Access::kRead);
    if (!journal) return nullptr;
    journal::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) throw hdf5::system_error(errno, "open", path);
    return std::shared_ptr<Follower>(new Follower(path, std::move(*journal), std::move(file)));
  });
}

Follower::Follower(std::string path, journal::Reader journal, journal::Descriptor file)
    : path(std::move(path)), journal_(std::move(journal)), file_(std::move(file)) {}

Follower::Now Follower::look() {
  // In this order: who is found dead or closed has counted all its rows before.
  const bool alive = journal::held_elsewhere(journal_.descriptor()) != journal::Held::kNo;
  const bool closed = journal_.state() == journal::State::kClosed;
  const std::uint64_t committed = journal_.committed_rows();
  std::uint64_t rows = committed;
  for (const auto& block : journal_.open_blocks(committed)) rows = block.base + block.rows;
  // A block that moved from the one to the other meanwhile is in neither.
  rows_ = std::max(rows_, rows);
  return {rows_, closed, alive};
}

void Follower::read(std::uint64_t first, std::uint64_t count, const std::vector<unsigned char*>& out) {
  const std::uint64_t block = first / block_rows();
  while (journal_.committed_rows() <= first) {
    if (copy_open(first, count, out)) return;
  }
  load(block);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint64_t bytes = columns()[i].row_bytes();
    std::memcpy(out[i], values_[i].data() + first % block_rows() * bytes, count * bytes);
  }
}

bool Follower::copy_open(std::uint64_t first, std::uint64_t count, const std::vector<unsigned char*>& out) const {
  for (const auto& block : journal_.open_blocks(journal_.committed_rows())) {
    if (first < block.base || first + count > block.base + block.rows) continue;
    const unsigned char* slot = journal_.slot(block.index);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::uint64_t bytes = columns()[i].row_bytes();
      std::memcpy(out[i], slot + columns()[i].offset + (first - block.base) * bytes, count * bytes);
    }
    return journal_.is_unchanged(block);
  }
  return false;
}

void Follower::load(std::uint64_t block) {
  if (loaded_ == block) return;
  loaded_ = UINT64_MAX;
  const auto record = journal_.record(block);
  if (!record || record->base != block * block_rows()) throw damaged("a record is");
  values_.resize(columns().size());
  codec::Bytes chunk;
  for (std::size_t i = 0; i < columns().size(); ++i) {
    const journal::Column& column = columns()[i];
    const journal::ChunkPlace& place = record->chunks[i];
    const std::uint64_t bytes = block_rows() * column.row_bytes();
    // Deflate adds next to nothing to what it cannot compress.
    if (place.size > bytes + bytes / 8 + 1024) throw damaged("a record is");
    chunk.resize(place.size);
    values_[i].resize(bytes);
    codec::ChunkFilters filters;
    filters.shuffle = column.shuffle;
    if (column.deflate >= 0) filters.deflate = column.deflate;
    const bool whole = on_journal(path, path, [&] {
      return journal::read_fully(file_.get(), chunk.data(), chunk.size(), place.address) &&
             (!place.has_crc || journal::crc32(chunk.data(), chunk.size()) == place.crc);
    });
    if (!whole || !codec::decode_chunk(chunk, column.element_bytes, filters, values_[i].data(), bytes)) {
      throw damaged("'" + column.path + "' is, from row " + std::to_string(record->base));
    }
  }
  loaded_ = block;
}

hdf5::Error Follower::damaged(const std::string& what) const {
  return hdf5::Error("ERR_JOURNAL", "'" + path + "' cannot be followed: " + what + " damaged");
}

}  // namespace h5tracks::stream
