// The memory of a writer's blocks, one after the other, in the slots of the journal if there is one, and their filling
// with the fill values. The first touch of fresh memory costs a page fault, many times the cost of filling it: memory
// is prepared one large page at a time, and not on the caller's thread.
#pragma once

#include <memory>
#include <vector>

#include "journal/journal.h"
#include "stream/blocks/block.h"

namespace h5tracks::stream {

class BlockMemory {
 public:
  // No journal: memory of its own.
  BlockMemory(const BlockLayout& layout, std::size_t blocks, std::shared_ptr<journal::Journal> journal);
  BlockMemory(const BlockMemory&) = delete;
  BlockMemory& operator=(const BlockMemory&) = delete;

  // Stays as long as it is held.
  std::shared_ptr<unsigned char> block(std::size_t index) const;
  // The next piece. By one thread at a time. Throws SystemError.
  void prepare();
  // So many, from the first on, hold no rows and the fill values in every column.
  std::size_t blank_blocks() const { return prepared_ / stride_; }

 private:
  void blank(std::size_t from, std::size_t end, unsigned char* out) const;

  const BlockLayout& layout_;
  const std::shared_ptr<journal::Journal> journal_;
  const std::size_t stride_, bytes_;
  std::shared_ptr<unsigned char> own_;    // the blocks, where there is no journal
  std::shared_ptr<unsigned char> piece_;  // what is to be written into it, while it is being prepared
  std::size_t prepared_ = 0;
};

}  // namespace h5tracks::stream
