#include "codec/inflate/inflate_tables.h"

#include <algorithm>
#include <cstring>

#include "system/little_endian.h"

namespace h5tracks::codec {

namespace {

constexpr std::size_t kEndSymbol = 256;

constexpr auto make_reversed() {
  std::array<std::uint8_t, 256> reversed{};
  for (unsigned i = 0; i < 256; ++i) {
    for (unsigned bit = 0; bit < 8; ++bit)
      reversed[i] = static_cast<std::uint8_t>(reversed[i] | (i >> bit & 1) << (7 - bit));
  }
  return reversed;
}
constexpr auto kReversed = make_reversed();

// A code: its symbols sorted by the length of their codes, and in order within a length.
struct SortedCode {
  std::array<std::uint16_t, 288> symbols;
  std::array<std::uint16_t, kLongestCode + 2> first{};         // the first symbol of each length, and one past the last
  std::array<std::uint16_t, kLongestCode + 1> literals_end{};  // one past the last literal of each length
  std::array<std::uint16_t, kLongestCode + 1> first_word{};    // the code of the first symbol of each length
  unsigned longest = 0;

  // False: the lengths are not a valid code. The code must be complete, unless `or_less`: then a single one-bit code,
  // or none, is valid too.
  bool sort(const std::uint8_t* lengths, std::size_t count, bool or_less) {
    std::array<std::uint16_t, kLongestCode + 1> counts{};
    for_each_used(lengths, 0, count, [&](std::size_t i) { ++counts[lengths[i]]; });
    unsigned word = 0;
    for (unsigned length = 1; length <= kLongestCode; ++length) {
      word = (word + counts[length - 1]) << 1;
      first_word[length] = static_cast<std::uint16_t>(word);
      if (word + counts[length] > 1U << length) return false;
      first[length + 1] = static_cast<std::uint16_t>(first[length] + counts[length]);
      if (counts[length] != 0) longest = length;
    }
    if (word + counts[kLongestCode] != 1U << kLongestCode && !(or_less && longest <= 1)) return false;
    std::array<std::uint16_t, kLongestCode + 1> next;
    std::copy_n(first.begin(), next.size(), next.begin());
    const auto place = [&](std::size_t i) { symbols[next[lengths[i]]++] = static_cast<std::uint16_t>(i); };
    const std::size_t literals = std::min(count, kEndSymbol);
    for_each_used(lengths, 0, literals, place);
    literals_end = next;
    for_each_used(lengths, literals, count, place);
    return true;
  }

  // Calls use(symbol, word) for the symbols from place `from` to `to` whose codes have `length` bits. The first bit
  // received is the lowest of the word.
  template <typename Use>
  void each(unsigned length, std::size_t from, std::size_t to, Use use) const {
    std::size_t word = first_word[length] + from - first[length];
    for (std::size_t i = from; i < to; ++i, ++word) {
      use(symbols[i], (std::size_t{kReversed[word & 0xff]} << 8 | kReversed[word >> 8]) >> (16 - length));
    }
  }
  template <typename Use>
  void each(unsigned length, Use use) const {
    each(length, first[length], first[length + 1], use);
  }

 private:
  // Most symbols are unused in most blocks of byte planes: eight at a time are skipped.
  template <typename Use>
  static void for_each_used(const std::uint8_t* lengths, std::size_t from, std::size_t to, Use use) {
    while (from < to) {
      if (to - from >= 8 && system::load_64(lengths + from) == 0) {
        from += 8;
        continue;
      }
      for (const std::size_t end = std::min(to, from + 8); from < end; ++from) {
        if (lengths[from] != 0) use(from);
      }
    }
  }
};

// Repeats the first half of a table. By hand, because compilers use `rep movs`, which starts slowly.
template <typename Entry>
void double_up(Entry* entries, std::size_t half) {
  constexpr std::size_t kPiece = 32 / sizeof(Entry);
  if (half < kPiece) {
    for (std::size_t i = 0; i < half; ++i) entries[half + i] = entries[i];
    return;
  }
  for (std::size_t i = 0; i < half; i += kPiece) std::memcpy(entries + half + i, entries + i, kPiece * sizeof(Entry));
}

// Puts codes longer than `Bits` bits into second-level tables.
template <unsigned Bits, typename Entry, typename Make>
void put_longer(const SortedCode& code, Entry* entries, Make make) {
  constexpr unsigned kMore = kLongestCode - Bits;
  std::size_t next = std::size_t{1} << Bits;
  for (unsigned length = Bits + 1; length <= code.longest; ++length) {
    code.each(length, [&](unsigned symbol, std::size_t word) {
      Entry& prefix = entries[word & ((1U << Bits) - 1)];
      if ((prefix & kLonger) == 0) {
        prefix = static_cast<Entry>(next << 16 | kLonger | kSpecial | Bits);
        next += std::size_t{1} << kMore;
      }
      Entry* const table = entries + (prefix >> 16);
      const unsigned left = length - Bits;
      for (std::size_t i = word >> Bits; i < std::size_t{1} << kMore; i += std::size_t{1} << left) {
        table[i] = make(symbol, left);
      }
    });
  }
}

// Builds the table for each number of bits from the table for one bit less. Returns the number of bits.
template <unsigned Bits, typename Entry, typename Make>
unsigned put_words(const SortedCode& code, Entry* entries, Make make) {
  const unsigned bits = std::min(Bits, code.longest);
  entries[0] = kSpecial;
  for (unsigned length = 1; length <= bits; ++length) {
    double_up(entries, std::size_t{1} << (length - 1));
    code.each(length, [&](unsigned symbol, std::size_t word) { entries[word] = make(symbol, length); });
  }
  return bits;
}

constexpr std::uint64_t number(unsigned least, unsigned extra_bits, unsigned code_bits) {
  return std::uint64_t{least} << 16 | code_bits << 8 | (code_bits + extra_bits);
}

// Entries without the bits of their code. Adding the code's length in two places completes an entry.
constexpr auto make_numbers() {
  std::array<std::uint64_t, 288 - kEndSymbol> entries{kSpecial | kEndOfBlock};
  for (unsigned i = 0; i < 28; ++i) {
    const unsigned extra_bits = i < 8 ? 0 : i / 4 - 1;
    entries[1 + i] = number(3 + (i < 8 ? i : (4 + i % 4) << extra_bits), extra_bits, 0);
  }
  entries[285 - kEndSymbol] = number(258, 0, 0);
  entries[286 - kEndSymbol] = entries[287 - kEndSymbol] = kSpecial;
  return entries;
}
constexpr auto kNumberEntries = make_numbers();

constexpr auto make_distances() {
  std::array<std::uint32_t, 32> entries{};
  for (unsigned i = 0; i < 30; ++i) {
    const unsigned extra_bits = i < 4 ? 0 : i / 2 - 1;
    entries[i] = static_cast<std::uint32_t>(number(1 + (i < 4 ? i : (2 + i % 2) << extra_bits), extra_bits, 0));
  }
  entries[30] = entries[31] = kSpecial;
  return entries;
}
constexpr auto kDistanceEntries = make_distances();

std::uint64_t literal_entry(std::uint64_t symbol, unsigned bits) { return symbol << 16 | 1 << 8 | kLiterals | bits; }

// A length or the end of the block.
std::uint64_t number_entry(unsigned symbol, unsigned bits) {
  const std::uint64_t entry = kNumberEntries[symbol - kEndSymbol];
  return entry + bits + ((entry & kSpecial) == 0 ? bits << 8 : 0);
}

std::uint32_t distance_entry(unsigned symbol, unsigned bits) {
  const std::uint32_t entry = kDistanceEntries[symbol];
  return entry + bits + ((entry & kSpecial) == 0 ? bits << 8 : 0);
}

}  // namespace

bool LiteralTable::build(const std::uint8_t* lengths, std::size_t count, std::size_t input) {
  SortedCode code;
  if (lengths[kEndSymbol] == 0 || !code.sort(lengths, count, true)) return false;
  const unsigned worthwhile = input < 512 ? 8 : input < 2048 ? 9 : input < 8192 ? 10 : kBits;
  const unsigned most = bits_ = std::min(kBits, std::max(code.longest, worthwhile));
  unsigned shortest = 1;
  while (shortest < most && code.literals_end[shortest] == code.first[shortest]) ++shortest;

  // The sequences of literals, grouped by their number of bits; sequences[n] is where the group of n bits begins.
  std::array<Sequence*, kBits + 2> sequences;
  sequences[1] = sequences_.data();
  std::uint64_t* const entries = entries_.data();
  entries[0] = kSpecial;
  for (unsigned bits = 1; bits <= most; ++bits) {
    double_up(entries, std::size_t{1} << (bits - 1));
    Sequence* last = sequences[bits];
    const bool more = bits + shortest <= most;
    code.each(bits, code.first[bits], code.literals_end[bits], [&](unsigned symbol, std::size_t word) {
      const std::uint64_t entry = literal_entry(symbol, bits);
      entries[word] = entry;
      *last = {entry, word};
      last += more;
    });
    code.each(bits, code.literals_end[bits], code.first[bits + 1],
              [&](unsigned symbol, std::size_t word) { entries[word] = number_entry(symbol, bits); });
    for (unsigned length = shortest; length + shortest <= bits; ++length) {
      if (code.first[length] == code.literals_end[length]) continue;
      const unsigned before = bits - length;
      for (const Sequence* from = sequences[before]; from != sequences[before + 1]; ++from) {
        const unsigned done = from->entry >> 8 & 0xff;
        const std::uint64_t grown = from->entry + (1U << 8) + length;
        const bool may_grow = more && done + 1 < kMostLiterals;
        code.each(length, code.first[length], code.literals_end[length], [&](std::uint64_t symbol, std::size_t word) {
          const std::uint64_t entry = grown + (symbol << (16 + 8 * done));
          const std::size_t place = from->bits | word << before;
          entries[place] = entry;
          *last = {entry, place};
          last += may_grow;
        });
      }
    }
    sequences[bits + 1] = last;
  }
  put_longer<kBits>(code, entries, [](unsigned symbol, unsigned bits) {
    return symbol < kEndSymbol ? literal_entry(symbol, bits) : number_entry(symbol, bits);
  });
  return true;
}

bool DistanceTable::build(const std::uint8_t* lengths, std::size_t count) {
  SortedCode code;
  if (!code.sort(lengths, count, true)) return false;
  bits_ = put_words<kBits>(code, entries_.data(), distance_entry);
  put_longer<kBits>(code, entries_.data(), distance_entry);
  return true;
}

bool LengthTable::build(const std::uint8_t* lengths, std::size_t count) {
  SortedCode code;
  if (!code.sort(lengths, count, false)) return false;
  bits_ = put_words<kBits>(code, entries_.data(), [](unsigned symbol, unsigned bits) { return symbol << 16 | bits; });
  return true;
}

}  // namespace h5tracks::codec
