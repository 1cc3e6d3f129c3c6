#include "codec/inflate/inflate_tables.h"

#include <algorithm>
#include <cstring>

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

struct CodeWord {
  std::uint16_t symbol;
  std::uint16_t bits;  // the first bit received is the lowest
};

// Symbols sorted by the length of their codes, and in order within a length.
struct SortedCode {
  std::array<CodeWord, 288> words;
  std::array<std::uint16_t, kLongestCode + 2> first{};  // the first symbol of each length, and one past the last

  // False: the lengths are not a valid code. The code must be complete, unless `or_less`: then a single one-bit code,
  // or none, is valid too.
  bool sort(const std::uint8_t* lengths, std::size_t count, bool or_less) {
    std::array<std::uint16_t, kLongestCode + 1> counts{};
    for (std::size_t i = 0; i < count; ++i) ++counts[lengths[i]];
    std::array<std::uint16_t, kLongestCode + 1> next_code{};
    unsigned code = 0, longest = 0;
    counts[0] = 0;
    for (unsigned length = 1; length <= kLongestCode; ++length) {
      code = (code + counts[length - 1]) << 1;
      next_code[length] = static_cast<std::uint16_t>(code);
      if (code + counts[length] > 1U << length) return false;
      first[length + 1] = static_cast<std::uint16_t>(first[length] + counts[length]);
      if (counts[length] != 0) longest = length;
    }
    if (code + counts[kLongestCode] != 1U << kLongestCode && !(or_less && longest <= 1)) return false;
    auto next = first;
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned length = lengths[i];
      if (length == 0) continue;
      const unsigned word = next_code[length]++;
      words[next[length]++] = {
          static_cast<std::uint16_t>(i),
          static_cast<std::uint16_t>((kReversed[word & 0xff] << 8 | kReversed[word >> 8]) >> (16 - length))};
    }
    return true;
  }
  const CodeWord* begin(unsigned length) const { return &words[first[length]]; }
  const CodeWord* end(unsigned length) const { return words.data() + first[length + 1]; }
};

// Puts codes longer than `Bits` bits into second-level tables.
template <unsigned Bits, typename Entry, typename Make>
void put_longer(const SortedCode& code, Entry* entries, Make make) {
  constexpr unsigned kMore = kLongestCode - Bits;
  std::size_t next = std::size_t{1} << Bits;
  for (unsigned length = Bits + 1; length <= kLongestCode; ++length) {
    for (const CodeWord* word = code.begin(length); word != code.end(length); ++word) {
      Entry& prefix = entries[word->bits & ((1U << Bits) - 1)];
      if ((prefix & kLonger) == 0) {
        prefix = static_cast<Entry>(next << 16 | kLonger | kSpecial | Bits);
        next += std::size_t{1} << kMore;
      }
      Entry* const table = entries + (prefix >> 16);
      const unsigned left = length - Bits;
      for (std::size_t i = word->bits >> Bits; i < std::size_t{1} << kMore; i += std::size_t{1} << left) {
        table[i] = make(word->symbol, left);
      }
    }
  }
}

// Builds the table for each number of bits from the table for one bit less.
template <unsigned Bits, typename Entry, typename Make>
void put_words(const SortedCode& code, Entry* entries, Make make) {
  entries[0] = kSpecial;
  for (unsigned length = 1; length <= Bits; ++length) {
    const std::size_t half = std::size_t{1} << (length - 1);
    std::memcpy(entries + half, entries, half * sizeof(Entry));
    for (const CodeWord* word = code.begin(length); word != code.end(length); ++word) {
      entries[word->bits] = make(word->symbol, length);
    }
  }
}

constexpr std::uint64_t number(unsigned least, unsigned extra_bits, unsigned code_bits) {
  return std::uint64_t{least} << 16 | code_bits << 8 | (code_bits + extra_bits);
}

// Entries without the bits of their code. Adding the code's length in two places completes an entry.
constexpr auto make_literals() {
  std::array<std::uint64_t, 288> entries{};
  for (unsigned i = 0; i < 256; ++i) entries[i] = std::uint64_t{i} << 16 | 1 << 8 | kLiterals;
  entries[kEndSymbol] = kSpecial | kEndOfBlock;
  for (unsigned i = 0; i < 28; ++i) {
    const unsigned extra_bits = i < 8 ? 0 : i / 4 - 1;
    entries[257 + i] = number(3 + (i < 8 ? i : (4 + i % 4) << extra_bits), extra_bits, 0);
  }
  entries[285] = number(258, 0, 0);
  entries[286] = entries[287] = kSpecial;
  return entries;
}
constexpr auto kLiteralEntries = make_literals();

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

std::uint64_t literal_entry(std::size_t symbol, unsigned bits) {
  const std::uint64_t entry = kLiteralEntries[symbol];
  return entry + bits + ((entry & (kLiterals | kSpecial)) == 0 ? bits << 8 : 0);
}

std::uint32_t distance_entry(std::size_t symbol, unsigned bits) {
  const std::uint32_t entry = kDistanceEntries[symbol];
  return entry + bits + ((entry & kSpecial) == 0 ? bits << 8 : 0);
}

}  // namespace

bool LiteralTable::build(const std::uint8_t* lengths, std::size_t count) {
  SortedCode code;
  if (lengths[kEndSymbol] == 0 || !code.sort(lengths, count, true)) return false;
  const auto literals_end = [&](unsigned length) {
    return std::find_if(code.begin(length), code.end(length), [](CodeWord word) { return word.symbol >= kEndSymbol; });
  };
  std::array<const CodeWord*, kBits + 1> ends;
  for (unsigned length = 1; length <= kBits; ++length) ends[length] = literals_end(length);
  unsigned shortest = 1;
  while (shortest < kBits && ends[shortest] == code.begin(shortest)) ++shortest;

  // The sequences of literals, grouped by their number of bits; sequences[n] is where the group of n bits begins.
  std::array<Sequence*, kBits + 2> sequences;
  sequences[1] = sequences_.data();
  std::uint64_t* const entries = entries_.data();
  entries[0] = kSpecial;
  for (unsigned bits = 1; bits <= kBits; ++bits) {
    const std::size_t half = std::size_t{1} << (bits - 1);
    std::memcpy(entries + half, entries, half * sizeof *entries);
    Sequence* last = sequences[bits];
    const bool more = bits + shortest <= kBits;
    for (const CodeWord* word = code.begin(bits); word != code.end(bits); ++word) {
      const std::uint64_t entry = literal_entry(word->symbol, bits);
      entries[word->bits] = entry;
      if (more && (entry & kLiterals) != 0) *last++ = {entry, word->bits};
    }
    for (unsigned length = shortest; length + shortest <= bits; ++length) {
      const unsigned before = bits - length;
      const CodeWord* const words_end = ends[length];
      for (const Sequence* from = sequences[before]; from != sequences[before + 1]; ++from) {
        const unsigned done = from->entry >> 8 & 0xff;
        const std::uint64_t grown = from->entry + (1U << 8) + length;
        const bool may_grow = more && done + 1 < kMostLiterals;
        for (const CodeWord* word = code.begin(length); word != words_end; ++word) {
          const std::uint64_t entry = grown + (std::uint64_t{word->symbol} << (16 + 8 * done));
          const std::size_t place = from->bits | std::size_t{word->bits} << before;
          entries[place] = entry;
          *last = {entry, place};
          last += may_grow;
        }
      }
    }
    sequences[bits + 1] = last;
  }
  put_longer<kBits>(code, entries, literal_entry);
  return true;
}

bool DistanceTable::build(const std::uint8_t* lengths, std::size_t count) {
  SortedCode code;
  if (!code.sort(lengths, count, true)) return false;
  put_words<kBits>(code, entries_.data(), distance_entry);
  put_longer<kBits>(code, entries_.data(), distance_entry);
  return true;
}

bool LengthTable::build(const std::uint8_t* lengths, std::size_t count) {
  SortedCode code;
  if (!code.sort(lengths, count, false)) return false;
  put_words<kBits>(code, entries_.data(),
                   [](std::size_t symbol, unsigned bits) { return static_cast<std::uint32_t>(symbol << 16 | bits); });
  return true;
}

}  // namespace h5tracks::codec
