// The memory of a writer's blocks, one after the other, in the slots of the journal if there is one. It is prepared,
// that is, filled with the fill values, one huge page at a time and not on the caller's thread, because the page faults
// of fresh memory cost many times as much as filling it.
#pragma once

#include <memory>
#include <vector>

#include "journal/journal.h"
#include "stream/blocks/block.h"

namespace h5tracks::stream {

class BlockMemory {
 public:
  // In the slots of stream `stream`. Without a journal, allocates memory of its own.
  BlockMemory(const BlockLayout& layout, std::size_t blocks, std::shared_ptr<journal::Journal> journal,
              std::size_t stream);
  BlockMemory(const BlockMemory&) = delete;
  BlockMemory& operator=(const BlockMemory&) = delete;

  // Valid for as long as the pointer is held.
  std::shared_ptr<unsigned char> block(std::size_t index) const;
  // Prepares the next piece: a huge page, or a block if that is smaller. Not thread-safe. Throws SystemError.
  void prepare();
  // This many blocks, from the first on, were prepared: they were blank and without rows when they were handed out.
  std::size_t blank_blocks() const { return prepared_ / stride_; }

 private:
  void blank(std::size_t from, std::size_t end, unsigned char* out) const;

  const BlockLayout& layout_;
  const std::shared_ptr<journal::Journal> journal_;
  const std::size_t stream_, stride_, bytes_;
  std::shared_ptr<unsigned char> own_;  // the blocks, if there is no journal
  std::size_t prepared_ = 0;
};

}  // namespace h5tracks::stream
