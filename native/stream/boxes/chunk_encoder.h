// Chooses how the chunks of a dataset are deflated. At the default level it tries a few encoders and takes the fastest
// whose chunks are about as small as the level's; at other levels it keeps the level.
#pragma once

#include <atomic>

#include "codec/pipeline.h"
#include "hdf5/dataset/box.h"

namespace h5tracks::stream {

class ChunkEncoder {
 public:
  ChunkEncoder(const codec::Pipeline& filters, std::size_t element_bytes, const hdf5::Shape& chunk);

  // Thread-safe.
  codec::Bytes encode(const unsigned char* values, std::size_t bytes);

 private:
  codec::Bytes by(std::size_t way, const unsigned char* values, std::size_t bytes) const;
  codec::Bytes try_all(const unsigned char* values, std::size_t bytes);

  const codec::Pipeline filters_;
  std::vector<codec::Effort> ways_;  // the fastest first
  std::atomic<unsigned> made_{0};
  std::atomic<std::size_t> way_;  // ways_.size(): none tried yet
};

}  // namespace h5tracks::stream
