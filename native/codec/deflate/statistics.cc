#include "codec/deflate/statistics.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "system/little_endian.h"

namespace h5tracks::codec {

namespace {

// An approximation to about 0.01; finite for 0.
inline float log2_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 127);
  bits = (bits & 0x7fffff) | 0x3f800000;
  std::memcpy(&value, &bits, sizeof bits);
  return exponent + (2.0F - value / 3.0F) * value - 5.0F / 3.0F;
}

std::int32_t& most_of(std::array<std::int32_t, 258>& counts) {
  std::int32_t most = 0;
  for (const std::int32_t count : counts) most = std::max(most, count);
  return *std::find(counts.begin(), counts.end(), most);
}

constexpr std::size_t kSample = 4096;  // bytes

class Counter {
 public:
  void one(unsigned char byte) { ++tables_[0][byte]; }
  void eight(std::uint64_t bytes) {
    ++tables_[0][bytes & 0xff];
    ++tables_[1][bytes >> 8 & 0xff];
    ++tables_[2][bytes >> 16 & 0xff];
    ++tables_[3][bytes >> 24 & 0xff];
    ++tables_[0][bytes >> 32 & 0xff];
    ++tables_[1][bytes >> 40 & 0xff];
    ++tables_[2][bytes >> 48 & 0xff];
    ++tables_[3][bytes >> 56];
  }
  void sum(std::uint32_t* counts) const {
    for (std::size_t i = 0; i < 256; ++i) counts[i] = tables_[0][i] + tables_[1][i] + tables_[2][i] + tables_[3][i];
  }

 private:
  // Four tables, so that incrementing equal neighbours does not become one chain of dependent stores.
  std::array<std::array<std::uint32_t, 256>, 4> tables_{};
};

}  // namespace

void count_bytes(const unsigned char* bytes, std::size_t count, std::uint32_t* counts) {
  Counter counter;
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) counter.eight(system::load_64(bytes + i));
  for (; i < count; ++i) counter.one(bytes[i]);
  counter.sum(counts);
}

void sample_bytes(const unsigned char* bytes, std::size_t count, std::uint32_t* counts) {
  const std::size_t part = count / kSample | 1;  // odd, because the size of a row is mostly even
  if (part == 1) return count_bytes(bytes, count, counts);
  Counter counter;
  for (std::size_t i = 0; i + 8 <= count; i += 8 * part) counter.eight(system::load_64(bytes + i));
  counter.sum(counts);
  for (std::size_t i = 0; i < 256; ++i) counts[i] *= static_cast<std::uint32_t>(part);
}

float expected_bits(const std::uint32_t* counts, const Matchable& matched, float match_bits) {
  std::array<std::int32_t, 258> left;
  std::copy_n(counts, 256, left.begin());
  left[256] = 1;  // the end of the block
  left[257] = 0;
  // Assume that matches replace the most frequent bytes.
  auto take = static_cast<std::int32_t>(matched.bytes);
  for (int i = 0; i < 4 && take > 0; ++i) {
    std::int32_t& most = most_of(left);
    const std::int32_t taken = std::min(most, take);
    most -= taken;
    take -= taken;
  }
  // And then all other bytes alike.
  if (take > 0) {
    const std::int32_t rest = std::accumulate(left.begin(), left.begin() + 256, 0);
    const float kept = rest > take ? static_cast<float>(rest - take) / static_cast<float>(rest) : 0;
    for (std::size_t i = 0; i < 256; ++i) left[i] = static_cast<std::int32_t>(kept * static_cast<float>(left[i]));
  }
  left[257] = static_cast<std::int32_t>(matched.matches);
  std::int32_t total = std::accumulate(left.begin(), left.end(), 0);

  // A symbol that is as frequent as all others together gets a one-bit code, and every other code grows by one bit. For
  // the remaining symbols the entropy is a good estimate.
  float bits = matched.matches * match_bits;
  while (total > 1) {
    std::int32_t& most = most_of(left);
    if (most < total - most) break;
    bits += static_cast<float>(total);
    total -= most;
    most = 0;
  }
  float sum = 0;
  for (const std::int32_t count : left) sum += static_cast<float>(count) * log2_of(static_cast<float>(count));
  return bits + static_cast<float>(total) * log2_of(static_cast<float>(total)) - sum;
}

}  // namespace h5tracks::codec
