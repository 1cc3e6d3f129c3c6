#include "codec/pipeline.h"

#include <algorithm>
#include <cstring>

#include "codec/shuffle.h"

namespace h5tracks::codec {

namespace {

using Kind = Pipeline::Step::Kind;

constexpr std::size_t kChecksum = 4;

void put_checksum(std::uint32_t sum, Bytes& bytes) {
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<unsigned char>(sum >> shift));
}

bool has_checksum(const unsigned char* bytes, std::size_t count) {
  std::uint32_t stored = 0;
  for (std::size_t i = 0; i < kChecksum; ++i) stored |= std::uint32_t{bytes[count + i]} << 8 * i;
  const std::uint32_t sum = fletcher32(bytes, count);
  // Some versions of HDF5 before 1.6.3 swapped the bytes of each half; later versions accept that, and so must we.
  const std::uint32_t swapped = (sum & 0x00ff00ff) << 8 | (sum >> 8 & 0x00ff00ff);
  return stored == sum || stored == swapped;
}

}  // namespace

std::uint32_t fletcher32(const unsigned char* bytes, std::size_t count) {
  // The number of words after which the 32-bit sums could overflow.
  constexpr std::size_t kMostWords = 360;
  std::uint32_t low = 0, high = 0;
  const auto fold = [](std::uint32_t sum) { return (sum & 0xffff) + (sum >> 16); };
  for (std::size_t words = count / 2; words > 0;) {
    std::size_t part = std::min(words, kMostWords);
    words -= part;
    for (; part > 0; --part, bytes += 2) high += low += static_cast<std::uint32_t>(bytes[0] << 8 | bytes[1]);
    low = fold(low);
    high = fold(high);
  }
  if (count % 2 != 0) {
    high += low += static_cast<std::uint32_t>(*bytes << 8);
    low = fold(low);
    high = fold(high);
  }
  return fold(high) << 16 | fold(low);
}

std::optional<Pipeline> Pipeline::of(std::vector<Step> steps) {
  const auto deflates =
      std::count_if(steps.begin(), steps.end(), [](const Step& step) { return step.kind == Kind::kDeflate; });
  if (deflates > 1) return std::nullopt;
  Pipeline pipeline;
  pipeline.steps_ = std::move(steps);
  return pipeline;
}

Pipeline Pipeline::usual(std::optional<std::size_t> shuffled, std::optional<int> level) {
  Pipeline pipeline;
  if (shuffled) pipeline.steps_.push_back({Kind::kShuffle, static_cast<unsigned>(std::max<std::size_t>(1, *shuffled))});
  if (level) pipeline.steps_.push_back({Kind::kDeflate, static_cast<unsigned>(*level)});
  return pipeline;
}

bool Pipeline::shuffles() const {
  return std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return step.kind == Kind::kShuffle; });
}

std::optional<int> Pipeline::level() const {
  for (const Step& step : steps_) {
    if (step.kind == Kind::kDeflate) return static_cast<int>(step.option);
  }
  return std::nullopt;
}

Pipeline Pipeline::without(std::uint32_t skipped) const {
  Pipeline rest;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (i >= 32 || (skipped >> i & 1) == 0) rest.steps_.push_back(steps_[i]);
  }
  return rest;
}

bool Pipeline::decode(const unsigned char* encoded, std::size_t encoded_bytes, unsigned char* values,
                      std::size_t bytes) const {
  return decode_from(steps_.size(), encoded, encoded_bytes, values, bytes);
}

// The size of the input of `step` if the first step gets `bytes`. No step before it may be deflate.
std::size_t Pipeline::bytes_before(std::size_t step, std::size_t bytes) const {
  for (std::size_t i = 0; i < step; ++i) bytes += steps_[i].kind == Kind::kFletcher32 ? kChecksum : 0;
  return bytes;
}

// Undoes the first `steps` steps.
bool Pipeline::decode_from(std::size_t steps, const unsigned char* in, std::size_t in_bytes, unsigned char* out,
                           std::size_t bytes) const {
  if (steps == 0) {
    if (in_bytes == bytes) std::memcpy(out, in, bytes);
    return in_bytes == bytes;
  }
  const std::size_t last = steps - 1;
  if (is(last, Kind::kFletcher32)) {
    if (in_bytes < kChecksum || !has_checksum(in, in_bytes - kChecksum)) return false;
    return decode_from(last, in, in_bytes - kChecksum, out, bytes);
  }
  // The usual pair, shuffle and deflate, is undone in one call.
  if (last <= 1 && is(last, Kind::kDeflate) && (last == 0 || is(0, Kind::kShuffle))) {
    return inflate_chunk(in, in_bytes, last == 0 ? 1 : steps_[0].option, out, bytes);
  }
  Bytes before(is(last, Kind::kDeflate) ? bytes_before(last, bytes) : in_bytes);
  if (is(last, Kind::kDeflate)) {
    if (!inflate_chunk(in, in_bytes, 1, before.data(), before.size())) return false;
  } else if (last == 0) {
    if (in_bytes == bytes) unshuffle(in, bytes, steps_[0].option, out);
    return in_bytes == bytes;
  } else {
    unshuffle(in, in_bytes, steps_[last].option, before.data());
  }
  return decode_from(last, before.data(), before.size(), out, bytes);
}

Bytes Pipeline::encode(const unsigned char* values, std::size_t bytes, const Effort& effort) const {
  Bytes made;
  std::size_t next = 0;
  const bool shuffled = is(0, Kind::kShuffle);
  if (is(shuffled ? 1 : 0, Kind::kDeflate)) {
    next = shuffled ? 2 : 1;
    made = deflate_chunk(values, bytes, shuffled ? steps_[0].option : 1, effort);
  } else if (shuffled) {
    next = 1;
    made.resize(bytes);
    shuffle(values, bytes, steps_[0].option, made.data());
  } else {
    made.assign(values, values + bytes);
  }
  for (; next < steps_.size(); ++next) {
    const Step& step = steps_[next];
    if (step.kind == Kind::kFletcher32) {
      put_checksum(fletcher32(made.data(), made.size()), made);
    } else if (step.kind == Kind::kShuffle) {
      Bytes planes(made.size());
      shuffle(made.data(), made.size(), step.option, planes.data());
      made = std::move(planes);
    } else {
      made = deflate_chunk(made.data(), made.size(), 1, {Encoder::kLibdeflate, effort.level});
    }
  }
  return made;
}

}  // namespace h5tracks::codec
