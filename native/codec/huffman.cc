#include "codec/huffman.h"

namespace h5tracks::codec {

namespace {

constexpr std::size_t kMostSymbols = 288;
constexpr unsigned kSymbolBits = 9;
constexpr unsigned kFrequencyBits = 17;
constexpr unsigned kLongestCode = 15;

// One pass of a radix sort.
template <unsigned Bits>
void sort_by(unsigned shift, const std::uint32_t* from, std::size_t count, std::uint32_t* to) {
  constexpr std::uint32_t mask = (1U << Bits) - 1;
  std::array<std::uint16_t, 1U << Bits> start{};
  for (std::size_t i = 0; i < count; ++i) ++start[from[i] >> shift & mask];
  std::uint16_t next = 0;
  for (auto& slot : start) {
    const std::uint16_t here = slot;
    slot = next;
    next = static_cast<std::uint16_t>(next + here);
  }
  for (std::size_t i = 0; i < count; ++i) to[start[from[i] >> shift & mask]++] = from[i];
}

// Turns the ascending weights of n >= 2 leaves into the depths of a Huffman tree's leaves, in place
// (Moffat and Katajainen, 1995).
void weights_to_depths(std::uint32_t* a, std::size_t n) {
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
  // a[0 … n-2] are now the parents of the inner nodes: make them depths, then spend the inner nodes on leaves.
  a[n - 2] = 0;
  for (std::size_t i = n - 2; i-- > 0;) a[i] = a[a[i]] + 1;
  std::size_t inner = n - 1;
  std::size_t out = n;
  std::size_t room = 1;
  for (std::uint32_t depth = 0; room > 0; ++depth) {
    std::size_t used = 0;
    while (inner > 0 && a[inner - 1] == depth) {
      ++used;
      --inner;
    }
    for (; room > used; --room) a[--out] = depth;
    room = 2 * used;
  }
}

// How many codes have which length, none above `longest`: leaves that are too deep come up, and as many as that takes
// of the others go one down.
void limit(const std::uint32_t* depths, std::size_t n, unsigned longest, std::size_t* of_length) {
  std::size_t taken = 0;  // of 2^longest
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned length = depths[i] < longest ? depths[i] : longest;
    ++of_length[length];
    taken += std::size_t{1} << (longest - length);
  }
  for (std::size_t excess = taken - (std::size_t{1} << longest); excess > 0; --excess) {
    unsigned length = longest - 1;
    while (of_length[length] == 0) --length;
    --of_length[length];
    of_length[length + 1] += 2;
    --of_length[longest];
  }
}

}  // namespace

void assign_bits(std::size_t count, Code* code) {
  std::array<unsigned, kLongestCode + 2> next{};
  for (std::size_t i = 0; i < count; ++i) ++next[code[i].length + 1U];
  next[1] = 0;
  for (unsigned length = 1; length < next.size(); ++length) next[length] = (next[length] + next[length - 1]) << 1;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned length = code[i].length;
    if (length == 0) {
      code[i].bits = 0;
      continue;
    }
    unsigned bits = next[length]++;
    bits = (bits & 0x5555) << 1 | (bits & 0xaaaa) >> 1;
    bits = (bits & 0x3333) << 2 | (bits & 0xcccc) >> 2;
    bits = (bits & 0x0f0f) << 4 | (bits & 0xf0f0) >> 4;
    bits = (bits & 0x00ff) << 8 | (bits & 0xff00) >> 8;
    code[i].bits = static_cast<std::uint16_t>(bits >> (16 - length));
  }
}

void make_code(const std::uint32_t* frequencies, std::size_t count, unsigned longest, Code* code) {
  std::array<std::uint32_t, kMostSymbols> symbols;
  std::array<std::uint32_t, kMostSymbols> other;
  std::size_t n = 0;
  for (std::size_t i = 0; i < count; ++i) {
    code[i].length = 0;
    if (frequencies[i] != 0) symbols[n++] = static_cast<std::uint32_t>(frequencies[i] << kSymbolBits | i);
  }
  for (std::uint32_t i = 0; n < 2; ++i) {
    if (frequencies[i] == 0) symbols[n++] = 1U << kSymbolBits | i;
  }
  sort_by<kFrequencyBits / 2>(kSymbolBits, symbols.data(), n, other.data());
  sort_by<kFrequencyBits - kFrequencyBits / 2>(kSymbolBits + kFrequencyBits / 2, other.data(), n, symbols.data());

  for (std::size_t i = 0; i < n; ++i) other[i] = symbols[i] >> kSymbolBits;
  weights_to_depths(other.data(), n);
  std::array<std::size_t, kLongestCode + 1> of_length{};
  limit(other.data(), n, longest, of_length.data());
  std::size_t i = 0;
  for (unsigned length = longest; length > 0; --length) {  // the rarest first
    for (std::size_t k = 0; k < of_length[length]; ++k) {
      code[symbols[i++] & ((1U << kSymbolBits) - 1)].length = static_cast<std::uint16_t>(length);
    }
  }
  assign_bits(count, code);
}

}  // namespace h5tracks::codec
