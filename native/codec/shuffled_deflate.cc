#include "codec/shuffled_deflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "codec/deflate/fast_deflate.h"
#include "codec/inflate/inflate.h"
#include "codec/shuffle.h"
#include "system/process/per_thread.h"
#include "system/scratch.h"

namespace h5tracks::codec {

namespace {

constexpr int kQuickLevel = 1, kHighestLevel = 12;

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

// One per thread, because a compressor is large and not thread-safe.
libdeflate_compressor* compressor_for(int level) {
  struct Made {
    int level = -1;
    std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor;
  };
  auto& made = system::per_thread<Made>();
  if (made.level != level) {
    made.compressor.reset(libdeflate_alloc_compressor(level));
    if (!made.compressor) throw std::bad_alloc();
    made.level = level;
  }
  return made.compressor.get();
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

// libdeflate gets no pointer for the actual size, so it fails unless the stream has exactly `bytes` bytes.
bool inflate(const unsigned char* in, std::size_t in_bytes, unsigned char* out, std::size_t bytes) {
  auto& decompressor = system::per_thread<std::unique_ptr<libdeflate_decompressor, FreeDecompressor>>();
  if (!decompressor) decompressor.reset(libdeflate_alloc_decompressor());
  if (!decompressor) throw std::bad_alloc();
  return libdeflate_zlib_decompress(decompressor.get(), in, in_bytes, out, bytes, nullptr) == LIBDEFLATE_SUCCESS;
}

Inflater& inflater() { return system::per_thread<Inflater>(); }

// Our decoder is faster on short codes, which byte planes have, and on long matches.
bool inflate_shuffled(const unsigned char* in, std::size_t in_bytes, std::size_t element_size, unsigned char* out,
                      std::size_t bytes) {
  auto& planes = system::per_thread<Bytes, struct InflatedPlanes>();
  if (planes.size() < bytes + Inflater::kSlack) planes.resize(bytes + Inflater::kSlack);
  if (!inflater().inflate(in, in_bytes, planes.data(), bytes, planes.size())) return false;
  unshuffle(planes.data(), bytes, element_size, out);
  system::shrink_scratch(planes);
  return true;
}

// Without shuffle, a chunk has long matches if it is this many times its encoded size: most of it is fill values.
// libdeflate's decoder is faster on the others.
constexpr std::size_t kMostlyMatches = 8;
bool inflate_plain(const unsigned char* in, std::size_t in_bytes, unsigned char* out, std::size_t bytes) {
  return in_bytes <= bytes / kMostlyMatches ? inflater().inflate(in, in_bytes, out, bytes, bytes)
                                            : inflate(in, in_bytes, out, bytes);
}

Bytes deflate(const unsigned char* in, std::size_t bytes, int level) {
  auto& room = system::per_thread<Bytes, struct DeflateRoom>();
  libdeflate_compressor* compressor = compressor_for(level);
  room.resize(libdeflate_zlib_compress_bound(compressor, bytes));
  const std::size_t size = libdeflate_zlib_compress(compressor, in, bytes, room.data(), room.size());
  Bytes made(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size));
  system::shrink_scratch(room);
  return made;
}

// Whether libdeflate compresses the bytes well, judged by their beginning.
bool is_for_libdeflate(const unsigned char* in, std::size_t bytes, std::size_t fast) {
  constexpr std::size_t kSample = 16384;
  if (fast <= bytes / 8) return false;
  const std::size_t sample = std::min(bytes, kSample);
  return deflate(in, sample, kQuickLevel).size() < sample / 10 * 9;
}

}  // namespace

Bytes deflate_chunk(const unsigned char* values, std::size_t bytes, std::size_t shuffled, const Effort& effort) {
  auto& planes = system::per_thread<Bytes, struct ShuffledPlanes>();
  const unsigned char* in = values;
  if (shuffled > 1) {
    if (planes.size() < bytes) planes.resize(bytes);
    shuffle(values, bytes, shuffled, planes.data());
    in = planes.data();
  }
  Bytes made;
  if (effort.encoder == Encoder::kLibdeflate) {
    made = deflate(in, bytes, effort.level);
  } else {
    const bool thorough = effort.encoder == Encoder::kThorough || effort.encoder == Encoder::kSmallest;
    made = fast_deflate(in, bytes,
                        shuffled > 1 ? ChunkLayout{bytes / shuffled, 1, effort.row_bytes / shuffled, thorough}
                                     : ChunkLayout{0, effort.element_bytes, effort.row_bytes, thorough});
    const bool smallest = effort.encoder == Encoder::kSmallest;
    if (smallest || (effort.encoder == Encoder::kFastOrBest && is_for_libdeflate(in, bytes, made.size()))) {
      Bytes other = deflate(in, bytes, smallest ? kHighestLevel : kQuickLevel);
      if (other.size() < made.size()) made = std::move(other);
    }
  }
  system::shrink_scratch(planes);
  return made;
}

bool inflate_chunk(const unsigned char* encoded, std::size_t encoded_bytes, std::size_t shuffled, unsigned char* values,
                   std::size_t bytes) {
  return shuffled > 1 ? inflate_shuffled(encoded, encoded_bytes, shuffled, values, bytes)
                      : inflate_plain(encoded, encoded_bytes, values, bytes);
}

const char* codec_version() { return "libdeflate " LIBDEFLATE_VERSION_STRING; }

}  // namespace h5tracks::codec
