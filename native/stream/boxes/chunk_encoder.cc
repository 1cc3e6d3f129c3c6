#include "stream/boxes/chunk_encoder.h"

namespace h5tracks::stream {

namespace {

using codec::Encoder;

constexpr int kDefaultLevel = 4;
// Levels of libdeflate: its fastest, and the one whose output is about as small as zlib's at the default level.
constexpr int kQuickLevel = 1, kLikeDefault = 5;
// How much larger a chunk may be in exchange for speed.
constexpr double kWorth = 1.03;
constexpr unsigned kTryEvery = 64;
// The longest distance of a match in deflate.
constexpr std::size_t kWindow = 32768;

// The largest row within a match's reach: values often resemble those one row before.
std::size_t row_bytes_of(std::size_t element_bytes, const hdf5::Shape& chunk) {
  std::size_t widest = 0, bytes = element_bytes;
  for (std::size_t axis = chunk.size(); axis-- > 1;) {
    bytes *= chunk[axis];
    if (bytes > kWindow) break;
    widest = bytes;
  }
  return widest;
}

}  // namespace

ChunkEncoder::ChunkEncoder(const codec::Pipeline& filters, std::size_t element_bytes, const hdf5::Shape& chunk)
    : filters_(filters) {
  const int level = filters.level().value_or(0);
  if (level == kDefaultLevel) {
    const std::size_t row_bytes = row_bytes_of(element_bytes, chunk);
    ways_ = {{Encoder::kFast, 0, element_bytes, row_bytes},
             {Encoder::kLibdeflate, kQuickLevel, element_bytes, row_bytes},
             {Encoder::kLibdeflate, kLikeDefault, element_bytes, row_bytes}};
  } else {
    ways_ = {{Encoder::kLibdeflate, level, element_bytes, 0}};
  }
  way_ = ways_.size() == 1 ? 0 : ways_.size();
}

codec::Bytes ChunkEncoder::encode(const unsigned char* values, std::size_t bytes) {
  const std::size_t way = way_;
  if (ways_.size() > 1 && (made_++ % kTryEvery == 0 || way == ways_.size())) return try_all(values, bytes);
  return by(way, values, bytes);
}

codec::Bytes ChunkEncoder::try_all(const unsigned char* values, std::size_t bytes) {
  codec::Bytes smallest = by(ways_.size() - 1, values, bytes);
  const auto most = static_cast<std::size_t>(kWorth * static_cast<double>(smallest.size()));
  for (std::size_t way = 0; way < ways_.size(); ++way) {
    codec::Bytes made = by(way, values, bytes);
    if (made.size() > most) continue;
    way_ = way;
    return made;
  }
  return smallest;
}

codec::Bytes ChunkEncoder::by(std::size_t way, const unsigned char* values, std::size_t bytes) const {
  return filters_.encode(values, bytes, ways_[way]);
}

}  // namespace h5tracks::stream
