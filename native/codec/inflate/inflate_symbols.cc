#include "codec/inflate/inflate_symbols.h"

#include <algorithm>
#include <cstring>

#include "system/little_endian.h"
#include "system/process/processor.h"

// BMI2 shifts by a variable in one instruction instead of three, and AVX2 fills 32 bytes in one. Whether the processor
// has them is known only at run time.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__BMI2__)
#define H5TRACKS_FOR_HASWELL [[gnu::target("avx2,bmi,bmi2"), gnu::noinline]]
#endif

namespace h5tracks::codec {

namespace {

enum class Step { kMore, kEnd, kDamaged };

constexpr unsigned kLongerLiteralBits = kLongestCode - LiteralTable::kBits;
constexpr unsigned kLongerDistanceBits = kLongestCode - DistanceTable::kBits;
constexpr std::size_t kLongestMatch = 258;
constexpr std::size_t kWide = 16;
// An iteration refills three times, once before the first step and twice in it. A refill loads eight bytes and uses
// seven.
constexpr std::size_t kInAtOnce = 2 * 7 + 8;
// The bit buffer is up to eight bytes ahead of the bits used.
static_assert(kInAtOnce <= InflateStream::kTail && kInAtOnce + 8 <= InflateStream::kZeros);
// What copy_match() may write past the end of the match.
constexpr std::size_t kPastMatch = 4 * kWide;
constexpr std::size_t kLookupsAtOnce = 3;
constexpr std::size_t kOutAtOnce = kLookupsAtOnce * kMostLiterals + kLongestMatch + kPastMatch;
static_assert(kOutAtOnce <= kOutSlack);

[[gnu::always_inline]] inline std::uint64_t low_bits(std::uint64_t value, std::uint64_t bits) {
  return value & ((std::uint64_t{1} << (bits & kTaken)) - 1);
}

template <typename Table>
[[gnu::always_inline]] inline std::uint64_t mask_of(const Table& table) {
  return (std::uint64_t{1} << table.bits()) - 1;
}

// The length or distance: the entry's base value plus the extra bits that follow its code.
[[gnu::always_inline]] inline std::size_t number_of(std::uint64_t entry, std::uint64_t buffer) {
  return static_cast<std::size_t>((entry >> 16) + (low_bits(buffer, entry) >> (entry >> 8 & kTaken)));
}

[[gnu::always_inline]] inline void copy_wide(unsigned char* to, const unsigned char* from) {
  unsigned char piece[kWide];
  std::memcpy(piece, from, kWide);
  std::memcpy(to, piece, kWide);
}

// May write kPastMatch bytes past the end of the match. The steps are long because the fewer they are, the more often
// the processor predicts the last one.
[[gnu::always_inline]] inline void copy_match(unsigned char* out, std::size_t distance, std::size_t length) {
  const unsigned char* const from = out - distance;
  if (distance >= kWide) {
    for (std::size_t i = 0; i < length; i += 2 * kWide) {
      copy_wide(out + i, from + i);
      copy_wide(out + i + kWide, from + i + kWide);
    }
  } else if (distance == 1) {
    const unsigned char byte = *from;
    for (std::size_t i = 0; i < length; i += kPastMatch) std::memset(out + i, byte, kPastMatch);
  } else {
    for (std::size_t i = 0; i < kWide; ++i) out[i] = from[i];
    const std::size_t period = kWide - kWide % distance;
    for (std::size_t i = period; i + kWide - period < length; i += period) copy_wide(out + i, out);
  }
}

// A bit buffer that has at least 56 bits after each refill. All 64 bits are valid, although the higher ones are counted
// only by the next refill. Only the lowest six bits of `left` are meaningful, so that a whole entry can be subtracted.
struct FastBits {
  const unsigned char* in;
  std::uint64_t buffer;
  unsigned left;

  [[gnu::always_inline]] void refill() {
    buffer |= system::load_64(in) << (left & kTaken);
    in += 7 - (left >> 3 & 7);
    left |= 56;
  }
  [[gnu::always_inline]] void drop(std::uint64_t entry) {
    buffer >>= entry & kTaken;
    left -= static_cast<unsigned>(entry);
  }
};

// The fast loop, for as long as input and output are far from their ends. It loads the next entry as soon as its bits
// are known, because that load is the longest wait.
[[gnu::always_inline]] inline Step run(InflateStream& stream, const LiteralTable& literal_table,
                                       const DistanceTable& distance_table) {
  const std::uint64_t* const literals = literal_table.entries();
  const std::uint32_t* const distances = distance_table.entries();
  const std::uint64_t literal_mask = mask_of(literal_table), distance_mask = mask_of(distance_table);
  const auto next = [=](const FastBits& bits) { return literals[bits.buffer & literal_mask]; };
  const unsigned char* const in_limit = stream.readable_end - kInAtOnce;
  unsigned char* const out_limit = stream.room_end - kOutAtOnce;
  const unsigned char* const out_begin = stream.out_begin;
  unsigned char* out = stream.out;
  FastBits bits{stream.in, stream.buffer, stream.left};
  const auto leave = [&](Step step) {
    stream.in = bits.in;
    stream.out = out;
    stream.buffer = bits.buffer;
    stream.left = bits.left & kTaken;
    stream.give_back();
    return step;
  };
  const auto put_literals = [&](std::uint64_t entry) {
    bits.drop(entry);
    system::store_64(entry >> 16, out);
    out += entry >> 8 & 7;
    return next(bits);
  };

  bits.refill();
  std::uint64_t entry = next(bits);
  do {
    if (entry & kLiterals) {
      static_assert(kLookupsAtOnce == 3);
      entry = put_literals(entry);
      if (entry & kLiterals) {
        entry = put_literals(entry);
        if (entry & kLiterals) entry = put_literals(entry);
      }
      bits.refill();
      if (entry & kLiterals) continue;
    }
    if (__builtin_expect((entry & kSpecial) != 0, 0)) {
      bits.drop(entry);
      if (entry & kEndOfBlock) return leave(Step::kEnd);
      if ((entry & kLonger) == 0) return leave(Step::kDamaged);
      entry = literals[(entry >> 16) + low_bits(bits.buffer, kLongerLiteralBits)];
      if (entry & kLiterals) {
        entry = put_literals(entry);
        bits.refill();
        continue;
      }
      if (entry & kSpecial) {
        bits.drop(entry);
        return leave(entry & kEndOfBlock ? Step::kEnd : Step::kDamaged);
      }
    }
    const std::uint64_t at_length = bits.buffer;
    bits.drop(entry);
    std::uint64_t distance_entry = distances[bits.buffer & distance_mask];
    const std::size_t length = number_of(entry, at_length);
    if (__builtin_expect((distance_entry & kSpecial) != 0, 0)) {
      if ((distance_entry & kLonger) == 0) return leave(Step::kDamaged);
      bits.drop(distance_entry);
      distance_entry = distances[(distance_entry >> 16) + low_bits(bits.buffer, kLongerDistanceBits)];
      if (distance_entry & kSpecial) return leave(Step::kDamaged);
    }
    const std::uint64_t at_distance = bits.buffer;
    bits.drop(distance_entry);
    entry = next(bits);
    bits.refill();
    const std::size_t distance = number_of(distance_entry, at_distance);
    if (__builtin_expect(distance > static_cast<std::size_t>(out - out_begin), 0)) return leave(Step::kDamaged);
    copy_match(out, distance, length);
    out += length;
  } while (bits.in <= in_limit && out <= out_limit);
  return leave(Step::kMore);
}

Step run_anywhere(InflateStream& stream, const LiteralTable& literals, const DistanceTable& distances) {
  return run(stream, literals, distances);
}

#ifdef H5TRACKS_FOR_HASWELL
H5TRACKS_FOR_HASWELL Step run_on_haswell(InflateStream& stream, const LiteralTable& literals,
                                         const DistanceTable& distances) {
  return run(stream, literals, distances);
}
const auto run_fast = system::is_haswell() ? run_on_haswell : run_anywhere;
#else
constexpr auto run_fast = run_anywhere;
#endif

// Looks up the entry for the next bits. False: fewer bits are left than the entry takes.
template <unsigned MoreBits, typename Table, typename Entry>
bool look_up(InflateStream& stream, const Table& table, Entry& entry) {
  stream.refill();
  entry = table.entries()[stream.buffer & mask_of(table)];
  if ((entry & kSpecial) != 0 && (entry & kLonger) != 0) {
    if (!stream.drop(entry & kTaken)) return false;
    entry = table.entries()[(entry >> 16) + low_bits(stream.buffer, MoreBits)];
  }
  return (entry & kTaken) <= stream.left;
}

// Decodes one entry near the end of the input or output, without reading or writing past it.
Step step_carefully(InflateStream& stream, const LiteralTable& literals, const DistanceTable& distances) {
  std::uint64_t entry;
  if (!look_up<kLongerLiteralBits>(stream, literals, entry)) return Step::kDamaged;
  const std::size_t length = number_of(entry, stream.buffer);
  stream.drop(entry & kTaken);
  if (entry & kLiterals) {
    const std::size_t count = entry >> 8 & 7;
    if (count > stream.out_left()) return Step::kDamaged;
    for (std::size_t i = 0; i < count; ++i) *stream.out++ = static_cast<unsigned char>(entry >> (16 + 8 * i));
    return Step::kMore;
  }
  if (entry & kSpecial) return entry & kEndOfBlock ? Step::kEnd : Step::kDamaged;
  std::uint32_t distance_entry;
  if (!look_up<kLongerDistanceBits>(stream, distances, distance_entry) || (distance_entry & kSpecial) != 0) {
    return Step::kDamaged;
  }
  const std::size_t distance = number_of(distance_entry, stream.buffer);
  stream.drop(distance_entry & kTaken);
  if (distance > static_cast<std::size_t>(stream.out - stream.out_begin) || length > stream.out_left()) {
    return Step::kDamaged;
  }
  // Each piece has a whole number of repetitions, except the last; none overlaps its source.
  const unsigned char* const from = stream.out - distance;
  for (std::size_t done = 0; done < length;) {
    const std::size_t piece = std::min(distance + done, length - done);
    std::memcpy(stream.out + done, from, piece);
    done += piece;
  }
  stream.out += length;
  return Step::kMore;
}

}  // namespace

bool inflate_symbols(InflateStream& stream, const LiteralTable& literals, const DistanceTable& distances) {
  for (Step step = Step::kMore; step == Step::kMore;) {
    if (stream.readable() < kInAtOnce && stream.readable_end == stream.in_end) stream.move_to_tail();
    const bool fast =
        stream.readable() >= kInAtOnce && stream.room_end - stream.out >= static_cast<std::ptrdiff_t>(kOutAtOnce);
    step = fast ? run_fast(stream, literals, distances) : step_carefully(stream, literals, distances);
    if (step == Step::kDamaged || stream.is_overrun() || stream.out > stream.out_end) return false;
  }
  return true;
}

}  // namespace h5tracks::codec
