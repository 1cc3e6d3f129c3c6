#include "stream/blocks/run_stream.h"

#include <algorithm>

#include "hdf5/core/lock.h"
#include "journal/stream_reader.h"
#include "stream/blocks/journal_columns.h"

namespace h5tracks::stream {

namespace {

// The whole blocks that the file already has. Their checksums stay unknown: computing them means reading gigabytes
// before the run can start, and the run does not change these chunks.
std::vector<journal::Record> whole_blocks(const Datasets& datasets, std::size_t rows, hsize_t base, std::size_t tail) {
  std::vector<journal::Record> blocks(base / rows);
  const std::size_t wanted = blocks.size() + (tail > 0 ? 1 : 0);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    blocks[i] = {i * rows, static_cast<std::uint32_t>(rows), std::vector<journal::ChunkPlace>(datasets.size())};
  }
  for (std::size_t column = 0; column < datasets.size(); ++column) {
    std::size_t found = 0;
    for (const hdf5::ChunkPlace& chunk : datasets[column]->chunks()) {
      if (chunk.row < base + tail) ++found;
      if (chunk.row < base)
        blocks[chunk.row / rows].chunks[column] = {chunk.address, chunk.size, 0, 0,
                                                   static_cast<std::uint16_t>(chunk.skipped)};
    }
    if (found == wanted) continue;
    throw Error("ERR_FORMAT", "'" + datasets[column]->path + "' lacks " + std::to_string(wanted - found) + " of its " +
                                  std::to_string(wanted) + " chunks; h5tracks check says which");
  }
  return blocks;
}

}  // namespace

RunStream::RunStream(const BlockLayout& layout, const Datasets& datasets, hsize_t base, std::size_t tail,
                     std::size_t blocks)
    : layout_(layout), datasets_(datasets), base_(base), tail_(tail), count_(blocks), columns_(describe(layout)) {}

journal::PlannedStream RunStream::planned(std::uint32_t index, bool records) const {
  journal::PlannedStream planned{layout_.rows, count_, layout_.bytes, columns_, {}};
  if (records) planned.before = whole_blocks(datasets_, layout_.rows, base_, tail_);
  for (journal::Record& record : planned.before) record.stream = index;
  return planned;
}

void RunStream::make_blocks(const std::shared_ptr<journal::Journal>& journal, std::size_t index) {
  memory_ = std::make_unique<BlockMemory>(layout_, count_, journal, index);
  for (std::size_t i = 0; i < count_; ++i) blocks_.push_back(std::make_shared<Block>(layout_, memory_->block(i)));
  if (tail_ == 0) return;
  while (blank_blocks() == 0) prepare();
  Block& first = *blocks_.front();
  for (std::size_t i = 0; i < datasets_.size(); ++i) {
    hdf5::Shape start, extent = *datasets_[i]->info().shape;
    start.resize(extent.size());
    start[0] = base_;
    extent[0] = tail_;
    const hdf5::Lock lock;
    const hdf5::Box box(std::move(start), std::move(extent));
    // As they are stored: an enum and a string stay the bytes that the block has for them.
    datasets_[i]->read(datasets_[i]->native_memory_layout(), box, hdf5::MemoryPlace::of(box),
                       first.data() + layout_.offsets[i]);
  }
  first.set_base(base_);
  first.count(static_cast<std::int32_t>(tail_));
}

bool RunStream::has_filters() const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [](const auto& column) { return column.shuffle || column.deflate >= 0; });
}

std::uint32_t RunStream::values_crc(std::size_t block, std::size_t rows) const {
  return journal::values_crc(blocks_[block]->data(), columns_, rows);
}

std::uint64_t RunStream::tally() const {
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < blank_blocks(); ++i) most = std::max(most, blocks_[i]->tally());
  return most;
}

}  // namespace h5tracks::stream
