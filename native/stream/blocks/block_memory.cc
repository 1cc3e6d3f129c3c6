#include "stream/blocks/block_memory.h"

#include <algorithm>
#include <cstring>

#include "system/memory.h"
#include "system/process/per_thread.h"

namespace h5tracks::stream {

using system::kLargePage;

BlockMemory::BlockMemory(const BlockLayout& layout, std::size_t blocks, std::shared_ptr<journal::Journal> journal,
                         std::size_t stream)
    : layout_(layout),
      journal_(std::move(journal)),
      stream_(stream),
      stride_(journal_ ? journal_->slot_bytes(stream) : layout.bytes),
      bytes_(blocks * stride_) {
  if (!journal_) own_ = system::large_memory(bytes_);
}

std::shared_ptr<unsigned char> BlockMemory::block(std::size_t index) const {
  if (journal_) return {journal_, journal_->slot(stream_, index)};
  return {own_, own_.get() + index * stride_};
}

void BlockMemory::prepare() {
  const std::size_t end = stride_ < kLargePage ? prepared_ + stride_ : std::min(bytes_, prepared_ + kLargePage);
  if (journal_) {
    // Kept, because fresh memory costs more than filling it.
    struct Piece {
      std::shared_ptr<unsigned char> memory = system::large_memory(kLargePage);
    };
    unsigned char* const piece = system::per_thread<Piece>().memory.get();
    blank(prepared_, end, piece);
    journal_->fill_slots(stream_, prepared_, piece, end - prepared_);
  } else {
    blank(prepared_, end, own_.get() + prepared_);
  }
  prepared_ = end;
}

// Writes what blank blocks contain in the bytes `from` to `end`, which must be whole elements.
void BlockMemory::blank(std::size_t from, std::size_t end, unsigned char* out) const {
  std::memset(out, 0, end - from);
  for (std::size_t block = from / stride_; block * stride_ < end; ++block) {
    for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
      const Column& column = layout_.columns[i];
      const std::size_t begin = block * stride_ + layout_.offsets[i];
      const std::size_t low = std::max(from, begin);
      const std::size_t high = std::min(end, begin + column.row_bytes() * layout_.rows);
      if (low < high) fill(column.type, out + (low - from), high - low, column.fill);
    }
  }
}

}  // namespace h5tracks::stream
