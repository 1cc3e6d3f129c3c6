#include "codec/deflate/matches.h"

#include <algorithm>
#include <cstring>

#include "system/little_endian.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace h5tracks::codec {

namespace {

unsigned lowest_bit(std::uint64_t bits) { return static_cast<unsigned>(__builtin_ctzll(bits)); }

unsigned population(std::uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return static_cast<unsigned>((bits * 0x0101010101010101) >> 56);
}

// Compares 64 bytes; bit i is set if a[i] == b[i].
std::uint64_t equal_64(const unsigned char* a, const unsigned char* b) {
  std::uint64_t equal = 0;
#if defined(__SSE2__)
  for (unsigned i = 0; i < 64; i += 16) {
    const __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i)),
                                        _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + i)));
    equal |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(same))) << i;
  }
#else
  constexpr std::uint64_t low7 = 0x7f7f7f7f7f7f7f7f;
  for (unsigned i = 0; i < 64; i += 8) {
    const std::uint64_t differ = system::load_64(a + i) ^ system::load_64(b + i);
    const std::uint64_t zero = ~(((differ & low7) + low7) | differ | low7) >> 7;  // one bit in each equal byte
    equal |= (zero * 0x0102040810204080) >> 56 << i;
  }
#endif
  return equal;
}

// The bits from bit i on; at least kSeen of them are valid.
constexpr std::size_t kSeen = 57;
constexpr std::uint64_t kTop = std::uint64_t{1} << 63;
std::uint64_t bits_from(const unsigned char* bits, std::size_t i) { return system::load_64(bits + i / 8) >> (i % 8); }

// The number of consecutive set bits from bit i on.
std::size_t run_from(const unsigned char* bits, std::size_t i) {
  std::size_t length = 0;
  std::uint64_t unset = ~bits_from(bits, i);
  while ((unset << (64 - kSeen)) == 0) {
    length += kSeen;
    unset = ~bits_from(bits, i + length);
  }
  return length + lowest_bit(unset);
}

// Keeps the bits at which a run of at least `least` set bits begins.
class RunsOf {
 public:
  explicit RunsOf(std::size_t least) {
    for (unsigned seen = 1; seen < least;) {
      const unsigned shift = std::min(seen, static_cast<unsigned>(least) - seen);
      shifts_[steps_++] = shift;
      seen += shift;
    }
  }
  std::uint64_t operator()(std::uint64_t bits) const {
    for (std::size_t i = 0; i < steps_; ++i) bits &= bits >> shifts_[i];
    return bits;
  }

 private:
  std::size_t steps_ = 0;
  std::array<unsigned, 4> shifts_{};
};

constexpr std::size_t kAtOnce = 16;
void widen(const unsigned char* from, Token* to) {
  // Through local arrays, which cannot overlap: the compiler then emits a few vector instructions.
  std::array<unsigned char, kAtOnce> bytes;
  std::array<Token, kAtOnce> tokens;
  std::memcpy(bytes.data(), from, sizeof bytes);
  for (std::size_t i = 0; i < kAtOnce; ++i) tokens[i] = bytes[i];
  std::memcpy(to, tokens.data(), sizeof tokens);
}

// Splits a long match into pieces of valid length.
Token* put_long_match(std::size_t length, std::size_t which, Token* out) {
  while (length > 0) {
    const std::size_t piece = length <= kLongestMatch ? length : std::min(kLongestMatch, length - kShortestMatch);
    *out++ = match_token(piece, which);
    length -= piece;
  }
  return out;
}

void add(Matchable& to, std::uint64_t equal) {
  const std::uint64_t run = equal & equal >> 1 & equal >> 2;
  const unsigned matches = population(run & ~(run << 1));
  to.matches += static_cast<float>(matches);
  to.bytes += static_cast<float>(population(run) + 2 * matches);
}

}  // namespace

void compare_bytes(const unsigned char* bytes, std::size_t count, std::size_t distance,
                   std::vector<unsigned char>& equal) {
  equal.assign(count / 8 + 24, 0);
  if (distance == 0) return;
  std::size_t i = 0;
  const auto singly = [&](std::size_t end) {
    for (; i < end; ++i) {
      equal[i / 8] = static_cast<unsigned char>(equal[i / 8] | (bytes[i] == bytes[i - distance]) << (i % 8));
    }
  };
  i = distance;
  singly(std::min(count, (distance + 63) / 64 * 64));
  for (; i + 64 <= count; i += 64) system::store_64(equal_64(bytes + i, bytes + i - distance), &equal[i / 8]);
  singly(count);
}

Survey survey_matches(const unsigned char* bytes, std::size_t count, const Distances& distances) {
  const std::size_t step = count < 4096 ? 64 : 4 * 64;
  Survey survey;
  std::size_t seen = 0;
  for (std::size_t i = 0; i + 64 <= count; i += step) {
    std::array<std::uint64_t, 2> equal{};
    for (std::size_t k = 0; k < 2; ++k) {
      if (distances[k] != 0 && i >= distances[k]) equal[k] = equal_64(bytes + i, bytes + i - distances[k]);
    }
    add(survey.near, equal[0]);
    add(survey.both, equal[0] | equal[1]);
    seen += 64;
  }
  const float scale = seen == 0 ? 0 : static_cast<float>(count) / static_cast<float>(seen);
  for (Matchable* part : {&survey.near, &survey.both}) {
    part->matches *= scale;
    part->bytes *= scale;
  }
  return survey;
}

Tokens MatchFinder::one_match(std::size_t length) {
  tokens_.resize(std::max(tokens_.size(), length / kLongestMatch + 2));
  return {tokens_.data(), put_long_match(length, 0, tokens_.data())};
}

Tokens MatchFinder::tokens(const unsigned char* bytes, std::size_t count, const Distances& distances,
                           const std::array<std::size_t, 2>& least) {
  return distances[1] == 0 ? find<false>(bytes, count, distances, least) : find<true>(bytes, count, distances, least);
}

template <bool Both>
Tokens MatchFinder::find(const unsigned char* bytes, std::size_t count, const Distances& distances,
                         const std::array<std::size_t, 2>& least) {
  for (std::size_t k = 0; k < (Both ? 2 : 1); ++k) compare_bytes(bytes, count, distances[k], equal_[k]);
  const unsigned char* const near = equal_[0].data();
  const unsigned char* const far = equal_[1].data();
  begins_.assign(count / 8 + 24, 0);
  const RunsOf near_runs(least[0]);
  const RunsOf far_runs(least[1]);
  for (std::size_t i = 0; i < count; i += 48) {  // a run that begins in the last 16 of 64 bits is not seen whole
    std::uint64_t runs = near_runs(system::load_64(near + i / 8));
    if (Both) runs |= far_runs(system::load_64(far + i / 8));
    system::store_64(runs & 0xffffffffffff, &begins_[i / 8]);
  }

  if (tokens_.size() < count + kAtOnce) tokens_.resize(count + kAtOnce);
  Token* out = tokens_.data();
  std::size_t i = 0;
  for (;;) {
    const std::size_t literals_from = i;
    std::uint64_t begin = bits_from(begins_.data(), i);
    while (begin == 0 && i + kSeen < count) {
      i += kSeen;
      begin = bits_from(begins_.data(), i);
    }
    const unsigned skipped = begin == 0 ? static_cast<unsigned>(count - i) : lowest_bit(begin);
    // Computed before the match's begin is known, so that the two do not wait for each other.
    std::size_t near_run = lowest_bit(~(bits_from(near, i) >> skipped) | kTop);
    std::size_t far_run = Both ? lowest_bit(~(bits_from(far, i) >> skipped) | kTop) : 0;
    i += skipped;
    if (i + kAtOnce <= count) {
      // Literal runs are mostly short: copying kAtOnce bytes costs less than a branch on the length.
      std::size_t done = 0;
      do {
        widen(bytes + literals_from + done, out + done);
        done += kAtOnce;
      } while (literals_from + done < i);
    } else {
      std::copy(bytes + literals_from, bytes + i, out);
    }
    out += i - literals_from;
    if (i == count) break;

    if (skipped + std::max(near_run, far_run) >= kSeen) {
      near_run = run_from(near, i);
      if (Both) far_run = run_from(far, i);
    }
    const bool use_far = Both && (near_run < least[0] || far_run > near_run + (least[1] - least[0]));
    const std::size_t length = use_far ? far_run : near_run;
    if (length <= kLongestMatch) {
      *out++ = match_token(length, use_far);
    } else {
      out = put_long_match(length, use_far, out);
    }
    i += length;
  }
  return {tokens_.data(), out};
}

}  // namespace h5tracks::codec
