#include "codec/inflate/inflate_symbols.h"

#include <cstring>

#include "system/little_endian.h"

// BMI2 shifts by a variable in one instruction instead of three. Whether the processor has it is known only at run
// time.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__BMI2__)
#define H5TRACKS_WITH_BMI2 [[gnu::target("bmi,bmi2"), gnu::noinline]]
#endif

namespace h5tracks::codec {

namespace {

enum class Step { kMore, kEnd, kDamaged };

constexpr unsigned kLiteralBits = LiteralTable::kBits, kDistanceBits = DistanceTable::kBits;
constexpr std::size_t kLongestMatch = 258;
constexpr std::size_t kWide = 16;
// An iteration refills three times, once before the first step and twice in it. A refill loads eight bytes and uses
// seven.
constexpr std::size_t kInAtOnce = 2 * 7 + 8;
// The bit buffer is up to eight bytes ahead of the bits used.
static_assert(kInAtOnce <= InflateStream::kTail && kInAtOnce + 8 <= InflateStream::kZeros);
// copy_match() may write two wide pieces past the end of the match.
constexpr std::size_t kLookupsAtOnce = 3;
constexpr std::size_t kOutAtOnce = kLookupsAtOnce * kMostLiterals + kLongestMatch + 2 * kWide;

[[gnu::always_inline]] inline std::uint64_t low_bits(std::uint64_t value, std::uint64_t bits) {
  return value & ((std::uint64_t{1} << (bits & kTaken)) - 1);
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

// May write two wide pieces past the end of the match.
[[gnu::always_inline]] inline void copy_match(unsigned char* out, std::size_t distance, std::size_t length) {
  const unsigned char* const from = out - distance;
  if (distance >= kWide) {
    copy_wide(out, from);
    copy_wide(out + kWide, from + kWide);
    for (std::size_t i = 2 * kWide; i < length; i += kWide) copy_wide(out + i, from + i);
  } else if (distance == 1) {
    const unsigned char byte = *from;
    std::memset(out, byte, kWide);
    for (std::size_t i = kWide; i < length; i += kWide) std::memset(out + i, byte, kWide);
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
[[gnu::always_inline]] inline Step run(InflateStream& stream, const std::uint64_t* literals,
                                       const std::uint32_t* distances) {
  const auto next = [literals](const FastBits& bits) { return literals[low_bits(bits.buffer, kLiteralBits)]; };
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
      entry = literals[(entry >> 16) + low_bits(bits.buffer, kLongestCode - kLiteralBits)];
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
    std::uint64_t distance_entry = distances[low_bits(bits.buffer, kDistanceBits)];
    const std::size_t length = number_of(entry, at_length);
    if (__builtin_expect((distance_entry & kSpecial) != 0, 0)) {
      if ((distance_entry & kLonger) == 0) return leave(Step::kDamaged);
      bits.drop(distance_entry);
      distance_entry = distances[(distance_entry >> 16) + low_bits(bits.buffer, kLongestCode - kDistanceBits)];
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

Step run_anywhere(InflateStream& stream, const std::uint64_t* literals, const std::uint32_t* distances) {
  return run(stream, literals, distances);
}

#ifdef H5TRACKS_WITH_BMI2
H5TRACKS_WITH_BMI2 Step run_with_bmi2(InflateStream& stream, const std::uint64_t* literals,
                                      const std::uint32_t* distances) {
  return run(stream, literals, distances);
}
const auto run_fast = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") ? run_with_bmi2 : run_anywhere;
#else
constexpr auto run_fast = run_anywhere;
#endif

// Looks up the entry for the next bits. False: fewer bits are left than the entry takes.
template <unsigned Bits, typename Entry>
bool look_up(InflateStream& stream, const Entry* entries, Entry& entry) {
  stream.refill();
  entry = entries[low_bits(stream.buffer, Bits)];
  if ((entry & kSpecial) != 0 && (entry & kLonger) != 0) {
    if (!stream.drop(entry & kTaken)) return false;
    entry = entries[(entry >> 16) + low_bits(stream.buffer, kLongestCode - Bits)];
  }
  return (entry & kTaken) <= stream.left;
}

// Decodes one entry near the end of the input or output, without reading or writing past it.
Step step_carefully(InflateStream& stream, const std::uint64_t* literals, const std::uint32_t* distances) {
  std::uint64_t entry;
  if (!look_up<kLiteralBits>(stream, literals, entry)) return Step::kDamaged;
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
  if (!look_up<kDistanceBits>(stream, distances, distance_entry) || (distance_entry & kSpecial) != 0) {
    return Step::kDamaged;
  }
  const std::size_t distance = number_of(distance_entry, stream.buffer);
  stream.drop(distance_entry & kTaken);
  if (distance > static_cast<std::size_t>(stream.out - stream.out_begin) || length > stream.out_left()) {
    return Step::kDamaged;
  }
  for (std::size_t i = 0; i < length; ++i) stream.out[i] = (stream.out - distance)[i];
  stream.out += length;
  return Step::kMore;
}

}  // namespace

bool inflate_symbols(InflateStream& stream, const LiteralTable& literals, const DistanceTable& distances) {
  for (Step step = Step::kMore; step == Step::kMore;) {
    if (stream.readable() < kInAtOnce && stream.readable_end == stream.in_end) stream.move_to_tail();
    const bool fast =
        stream.readable() >= kInAtOnce && stream.room_end - stream.out >= static_cast<std::ptrdiff_t>(kOutAtOnce);
    step = fast ? run_fast(stream, literals.entries(), distances.entries())
                : step_carefully(stream, literals.entries(), distances.entries());
    if (step == Step::kDamaged || stream.is_overrun() || stream.out > stream.out_end) return false;
  }
  return true;
}

}  // namespace h5tracks::codec
