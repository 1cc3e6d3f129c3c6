#include "codec/deflate/huffman.h"

#include <algorithm>

namespace h5tracks::codec {

namespace {

constexpr std::size_t kMostSymbols = 288;
constexpr unsigned kSymbolBits = 9;
constexpr unsigned kFrequencyBits = 17;
constexpr unsigned kLongestCode = 15;

using LengthCounts = std::array<std::uint32_t, kLongestCode + 1>;

// One pass of a radix sort, by kDigitBits bits from `shift` on.
constexpr unsigned kDigitBits = 6;
void sort_by(unsigned shift, const std::uint32_t* from, std::size_t count, std::uint32_t* to) {
  constexpr std::uint32_t mask = (1U << kDigitBits) - 1;
  std::array<std::uint32_t, 1U << kDigitBits> start{};
  for (std::size_t i = 0; i < count; ++i) ++start[from[i] >> shift & mask];
  std::uint32_t next = 0;
  for (auto& slot : start) {
    const std::uint32_t here = slot;
    slot = next;
    next += here;
  }
  for (std::size_t i = 0; i < count; ++i) to[start[from[i] >> shift & mask]++] = from[i];
}

void sort_by_frequency(std::uint32_t* symbols, std::size_t count, std::uint32_t* spare) {
  if (count <= 24) {
    for (std::size_t i = 1; i < count; ++i) {
      const std::uint32_t symbol = symbols[i];
      std::size_t k = i;
      for (; k > 0 && symbols[k - 1] > symbol; --k) symbols[k] = symbols[k - 1];
      symbols[k] = symbol;
    }
    return;
  }
  static_assert(kFrequencyBits <= 3 * kDigitBits && kSymbolBits + 3 * kDigitBits <= 32);
  sort_by(kSymbolBits, symbols, count, spare);
  sort_by(kSymbolBits + kDigitBits, spare, count, symbols);
  sort_by(kSymbolBits + 2 * kDigitBits, symbols, count, spare);
  std::copy_n(spare, count, symbols);
}

// Counts the leaves of a Huffman tree at each depth, given n >= 2 ascending weights, which it overwrites. Leaves deeper
// than `longest` count as of depth `longest` (after Moffat and Katajainen, 1995).
LengthCounts count_depths(std::uint32_t* a, std::size_t n, unsigned longest) {
  std::size_t leaf = 0;
  std::size_t root = 0;
  for (std::size_t next = 0; next + 1 < n; ++next) {
    std::uint32_t sum = 0;
    for (int child = 0; child < 2; ++child) {
      if (leaf >= n || (root < next && a[root] < a[leaf])) {
        sum += a[root];
        a[root++] = static_cast<std::uint32_t>(next);
      } else {
        sum += a[leaf++];
      }
    }
    a[next] = sum;
  }
  // a[0 … n-2] now contains the parents of the inner nodes. This turns them into depths; the remaining places at each
  // depth are leaves.
  a[n - 2] = 0;
  for (std::size_t i = n - 2; i-- > 0;) a[i] = a[a[i]] + 1;
  LengthCounts counts{};
  std::size_t inner = n - 1;
  std::uint32_t room = 1;
  for (std::uint32_t depth = 0; room > 0; ++depth) {
    std::uint32_t used = 0;
    while (inner > 0 && a[inner - 1] == depth) {
      ++used;
      --inner;
    }
    counts[std::min(depth, longest)] += room - used;
    room = 2 * used;
  }
  return counts;
}

// Clamping the deep leaves to `longest` oversubscribed the code. Moves other leaves down one level until it is valid
// again.
void make_room(LengthCounts& counts, unsigned longest) {
  std::uint32_t taken = 0;  // code space in use, in units of 2^-longest
  for (unsigned length = 1; length <= longest; ++length) taken += counts[length] << (longest - length);
  for (std::uint32_t excess = taken - (1U << longest); excess > 0; --excess) {
    unsigned length = longest - 1;
    while (counts[length] == 0) --length;
    --counts[length];
    counts[length + 1] += 2;
    --counts[longest];
  }
}

// Assigns the canonical code words, given how many codes have each length.
void assign_bits(const LengthCounts& counts, std::size_t count, Code* code) {
  LengthCounts next{};
  for (unsigned length = 1; length < kLongestCode; ++length) next[length + 1] = (next[length] + counts[length]) << 1;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned length = code[i].length;
    if (length == 0) continue;
    unsigned bits = next[length]++;
    bits = (bits & 0x5555) << 1 | (bits & 0xaaaa) >> 1;
    bits = (bits & 0x3333) << 2 | (bits & 0xcccc) >> 2;
    bits = (bits & 0x0f0f) << 4 | (bits & 0xf0f0) >> 4;
    bits = (bits & 0x00ff) << 8 | (bits & 0xff00) >> 8;
    code[i].bits = static_cast<std::uint16_t>(bits >> (16 - length));
  }
}

}  // namespace

void assign_bits(std::size_t count, Code* code) {
  LengthCounts counts{};
  for (std::size_t i = 0; i < count; ++i) ++counts[code[i].length];
  assign_bits(counts, count, code);
}

void make_code(const std::uint32_t* frequencies, std::size_t count, unsigned longest, Code* code) {
  std::array<std::uint32_t, kMostSymbols> symbols;  // frequency << kSymbolBits | symbol
  std::array<std::uint32_t, kMostSymbols> weights;
  std::size_t n = 0;
  for (std::size_t i = 0; i < count; ++i) {
    code[i] = {0, 0};
    symbols[n] = static_cast<std::uint32_t>(frequencies[i] << kSymbolBits | i);
    n += frequencies[i] != 0;
  }
  for (std::uint32_t i = 0; n < 2; ++i) {
    if (frequencies[i] == 0) symbols[n++] = 1U << kSymbolBits | i;
  }
  sort_by_frequency(symbols.data(), n, weights.data());
  for (std::size_t i = 0; i < n; ++i) weights[i] = symbols[i] >> kSymbolBits;
  LengthCounts counts = count_depths(weights.data(), n, longest);
  make_room(counts, longest);
  std::size_t i = 0;
  for (unsigned length = longest; length > 0; --length) {  // the rarest symbols get the longest codes
    for (std::size_t k = 0; k < counts[length]; ++k) {
      code[symbols[i++] & ((1U << kSymbolBits) - 1)].length = static_cast<std::uint16_t>(length);
    }
  }
  assign_bits(counts, count, code);
}

}  // namespace h5tracks::codec
