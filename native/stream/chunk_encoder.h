// Which encoder makes the chunks of a dataset: found out by trying, and asked again now and then.
#pragma once

#include <atomic>

#include "codec/pipeline.h"
#include "hdf5/box.h"

namespace h5tracks::stream {

// The level for which users take gzip when they name none. Chunks are made by the encoder of our own there, where it
// makes them about as small as they would be otherwise; at any other level by libdeflate at that level.
constexpr int kDefaultLevel = 4;

class ChunkEncoder {
 public:
  ChunkEncoder(const codec::Pipeline& filters, std::size_t element_bytes, const hdf5::Shape& chunk);

  // Any thread.
  codec::Bytes encode(const unsigned char* values, std::size_t bytes);

 private:
  codec::Bytes by(codec::Encoder encoder, const unsigned char* values, std::size_t bytes) const;

  const codec::Pipeline filters_;
  const std::size_t element_bytes_;
  std::size_t row_bytes_ = 0;
  std::atomic<unsigned> made_{0};
  std::atomic<bool> tried_{false}, fast_{false};
};

}  // namespace h5tracks::stream
