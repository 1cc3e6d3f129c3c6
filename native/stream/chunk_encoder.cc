#include "stream/chunk_encoder.h"

namespace h5tracks::stream {

namespace {

// How much larger a chunk may be that was made fast.
constexpr double kWorth = 1.02;
constexpr unsigned kTryEvery = 64;
// Deflate looks no further back.
constexpr std::size_t kWindow = 32768;

}  // namespace

ChunkEncoder::ChunkEncoder(const codec::Pipeline& filters, std::size_t element_bytes, const hdf5::Shape& chunk)
    : filters_(filters), element_bytes_(element_bytes) {
  // The widest row that a match can reach over: values like those of the row before.
  std::size_t bytes = element_bytes;
  for (std::size_t axis = chunk.size(); axis-- > 1;) {
    bytes *= chunk[axis];
    if (bytes > kWindow) break;
    row_bytes_ = bytes;
  }
}

codec::Bytes ChunkEncoder::encode(const unsigned char* values, std::size_t bytes) {
  using codec::Encoder;
  if (filters_.level() != kDefaultLevel) return by(Encoder::kLibdeflate, values, bytes);
  if (tried_ && made_++ % kTryEvery != 0) return by(fast_ ? Encoder::kFast : Encoder::kLibdeflate, values, bytes);
  codec::Bytes fast = by(Encoder::kFast, values, bytes), small = by(Encoder::kLibdeflate, values, bytes);
  fast_ = static_cast<double>(fast.size()) <= kWorth * static_cast<double>(small.size());
  tried_ = true;
  return fast.size() < small.size() ? fast : small;
}

codec::Bytes ChunkEncoder::by(codec::Encoder encoder, const unsigned char* values, std::size_t bytes) const {
  return filters_.encode(values, bytes, encoder, element_bytes_, row_bytes_);
}

}  // namespace h5tracks::stream
