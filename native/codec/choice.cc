#include "codec/choice.h"

#include <algorithm>
#include <cstring>

namespace h5tracks::codec {

namespace {

constexpr std::uint32_t kShuffle = 1;  // the bit of the first filter
constexpr std::size_t kSample = 8192;  // bytes of each of two parts
// Found by measurement. Without shuffle, a sample must take less than this fraction.
constexpr double kWorthTrying = 0.9;
// Bytes that hardly shrink have no repetitions that shuffle could hide.
constexpr std::size_t kLeastRatio = 3;
// Nothing is gained with chunks that take less.
constexpr std::size_t kLeastEncoded = 100;

// The beginning and the middle, because the end of a chunk may be without rows. Both begin with whole elements.
Bytes sample_of(const unsigned char* values, std::size_t bytes) {
  if (bytes <= 2 * kSample) return Bytes(values, values + bytes);
  const std::size_t middle = bytes / 2 / kSample * kSample;
  Bytes sample(values, values + kSample);
  sample.insert(sample.end(), values + middle, values + middle + kSample);
  return sample;
}

bool is_better_unshuffled(const Pipeline& filters, const Bytes& sample, const Effort& effort) {
  const auto size = [&](const Pipeline& steps) {
    return static_cast<double>(steps.encode(sample.data(), sample.size(), effort).size());
  };
  return size(filters.without(kShuffle)) < kWorthTrying * size(filters);
}

}  // namespace

Chosen encode_well(const Pipeline& filters, const unsigned char* values, std::size_t bytes, const Effort& effort) {
  Chosen chosen{filters.encode(values, bytes, effort), 0};
  const auto& steps = filters.steps();
  const bool shuffles_first = steps.size() == 2 && steps[0].kind == Pipeline::Step::Kind::kShuffle &&
                              steps[0].option > 1 && steps[1].kind == Pipeline::Step::Kind::kDeflate;
  if (!shuffles_first) return chosen;
  const bool thorough = effort.encoder == Encoder::kThorough && chosen.bytes.size() >= kLeastEncoded &&
                        chosen.bytes.size() * kLeastRatio < bytes &&
                        is_better_unshuffled(filters, sample_of(values, bytes), effort);
  if (!thorough && effort.encoder != Encoder::kSmallest) return chosen;
  Bytes unshuffled = filters.without(kShuffle).encode(values, bytes, effort);
  if (unshuffled.size() < chosen.bytes.size()) chosen = {std::move(unshuffled), kShuffle};
  return chosen;
}

}  // namespace h5tracks::codec
