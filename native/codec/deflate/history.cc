#include "codec/deflate/history.h"

#include <algorithm>

#include "system/little_endian.h"

namespace h5tracks::codec {

namespace {

constexpr std::size_t kWindow = 32768;
constexpr std::size_t kLongestHash = 56;
constexpr std::size_t kMost = 4096;  // bytes of a match, which is split

// Found by measurement. Bits: of a match's length, of its distance's symbol, and of that of `row`.
constexpr float kLengthBits = 3.5F;
constexpr float kDistanceBits = 3.5F;
constexpr float kRowBits = 1.5F;
// Found by measurement. A hash covers bytes that take about so many bits without a match.
constexpr float kHashedBits = 23;
// Found by measurement. If bytes take more bits than this, a better match at the next byte pays.
constexpr float kLazyRate = 2;
constexpr float kLeastRate = 0.01F;

constexpr std::uint64_t kMixBytes = 0x9e3779b97f4a7c15, kMixShape = 0xc2b2ae3d27d4eb4f;

unsigned lowest_bit(std::uint64_t bits) { return static_cast<unsigned>(__builtin_ctzll(bits)); }
unsigned highest_bit(std::uint64_t bits) { return 63U - static_cast<unsigned>(__builtin_clzll(bits)); }
unsigned population(std::uint64_t bits) { return static_cast<unsigned>(__builtin_popcountll(bits)); }

// The bits from bit i on; at least kSeen of them are valid.
constexpr std::size_t kSeen = 57;
std::uint64_t bits_from(const std::vector<unsigned char>& bits, std::size_t i) {
  return system::load_64(&bits[i / 8]) >> (i % 8);
}

std::size_t equal_bytes(const unsigned char* a, const unsigned char* b, std::size_t most) {
  std::size_t length = 0;
  for (; length + 8 <= most; length += 8) {
    const std::uint64_t differ = system::load_64(a + length) ^ system::load_64(b + length);
    if (differ != 0) return length + lowest_bit(differ) / 8;
  }
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

}  // namespace

History::History() : table_(std::size_t{1} << kTableBits) {}

void History::start(const unsigned char* section, std::size_t bytes) {
  base_ += static_cast<std::uint32_t>(section_bytes_);
  if (bytes > UINT32_MAX - base_) {
    std::fill(table_.begin(), table_.end(), 0);
    base_ = 1;
  }
  section_ = section;
  section_bytes_ = bytes;
}

// `rate`: bits that a byte takes.
void History::set_hash(float rate) {
  const auto wanted = static_cast<std::size_t>(std::min(kHashedBits / rate, static_cast<float>(kLongestHash)));
  const std::size_t bytes = std::max<std::size_t>(4, wanted);
  unhashed_ = bytes < 8 ? 64 - 8 * static_cast<unsigned>(bytes) : 0;
  shape_ = bytes > 8 ? (std::uint64_t{1} << bytes) - 256 : 0;
  hashed_ = std::max<std::size_t>(8, bytes);
}

// The place in the table for the bytes at `at`: their first 8, and where runs begin in the others.
std::uint32_t& History::entry(std::size_t at) {
  const std::uint64_t mixed =
      (system::load_64(block_ + at) << unhashed_) * kMixBytes + (bits_from(same_, at) & shape_) * kMixShape;
  return table_[mixed >> (64 - kTableBits)];
}

void History::consider(std::size_t at, std::size_t distance, Match& best) const {
  const unsigned char* const bytes = block_ + at;
  const std::size_t most = std::min(count_ - at, kMost);
  if (most < 8 || ((system::load_64(bytes) ^ system::load_64(bytes - distance)) << unhashed_) != 0) return;
  const std::size_t length = equal_bytes(bytes, bytes - distance, most);
  const float extra = distance < 5 ? 0 : static_cast<float>(highest_bit(distance - 1)) - 1;
  const float pieces = 1 + static_cast<float>(length) / (2 * kLongestMatch);
  const float cost = pieces * (kLengthBits + extra + (distance == row_ ? kRowBits : kDistanceBits));
  const float gain = static_cast<float>(beginnings(at, length)) * per_beginning_ - cost;
  if (gain > best.gain) best = {length, distance, gain};
}

// The best match at a byte, which is then remembered.
History::Match History::find(std::size_t at) {
  Match best;
  const auto before = static_cast<std::size_t>(block_ + at - section_);
  if (row_ != 0 && row_ <= before) consider(at, row_, best);
  if (!can_hash(at)) return best;
  std::uint32_t& found = entry(at);
  const std::uint32_t here = place(at);
  // A place ahead of this one, left by an earlier call for the same bytes, makes a huge difference.
  if (found >= base_ && here != found && here - found <= kWindow) consider(at, here - found, best);
  found = here;
  return best;
}

void History::remember(std::size_t from, std::size_t to) {
  for (std::size_t at = next_beginning(from); at < to; at = next_beginning(at + 1)) {
    if (!can_hash(at)) return;
    entry(at) = place(at);
  }
}

// The first byte from `from` on that differs from the one before it.
std::size_t History::next_beginning(std::size_t from) const {
  constexpr std::uint64_t valid = (std::uint64_t{1} << kSeen) - 1;
  for (; from < count_; from += kSeen) {
    const std::uint64_t differ = ~bits_from(same_, from) & valid;
    if (differ != 0) return std::min(count_, from + lowest_bit(differ));
  }
  return count_;
}

// How many of the bytes differ from the one before them.
std::size_t History::beginnings(std::size_t from, std::size_t count) const {
  std::size_t all = 0;
  while (count > 0) {
    const std::size_t part = std::min(count, kSeen);
    all += population(~bits_from(same_, from) & ((std::uint64_t{1} << part) - 1));
    from += part;
    count -= part;
  }
  return all;
}

void History::put(std::size_t at, std::size_t length, std::size_t distance) {
  reaches_back_ = reaches_back_ || distance > at;
  while (length > 0) {
    const std::size_t piece = length <= kLongestMatch ? length : std::min(kLongestMatch, length - kShortestMatch);
    *out_++ = sequence_of(piece, distance);
    length -= piece;
  }
}

Sequences History::sequences(const unsigned char* block, std::size_t count, std::size_t row, float bits) {
  block_ = block;
  count_ = count;
  row_ = row;
  reaches_back_ = false;
  bits = std::max(bits, kLeastRate * static_cast<float>(count));
  compare_bytes(block, count, 1, same_);
  per_beginning_ = bits / static_cast<float>(std::max<std::size_t>(1, beginnings(0, count)));
  const float rate = bits / static_cast<float>(count);
  is_lazy_ = rate > kLazyRate;
  set_hash(rate);
  if (sequences_.size() < count) sequences_.resize(count);
  out_ = sequences_.data();
  for (std::size_t at = 0; at < count;) {
    const std::size_t beginning = next_beginning(at);
    if (beginning - at >= kShortestMatch) {
      put(at, beginning - at, 1);
    } else {
      out_ = std::copy(block + at, block + beginning, out_);
    }
    at = beginning;
    if (at == count) break;
    Match found = find(at);
    while (is_lazy_ && found.length > 0 && found.length < kLongestHash && next_beginning(at + 1) == at + 1) {
      const Match next = find(at + 1);
      if (next.gain <= found.gain) break;
      *out_++ = block[at++];
      found = next;
    }
    if (found.length == 0) {
      *out_++ = block[at++];
      continue;
    }
    put(at, found.length, found.distance);
    remember(at + 1, at + found.length);
    at += found.length;
  }
  return {sequences_.data(), out_};
}

}  // namespace h5tracks::codec
