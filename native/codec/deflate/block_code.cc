#include "codec/deflate/block_code.h"

#include <algorithm>

#include "codec/deflate/statistics.h"

namespace h5tracks::codec {

namespace {

constexpr std::size_t kEndOfBlock = 256;
constexpr std::size_t kFirstLength = 257;
// Keeps four literals within the 57 bits that BitWriter takes between two flushes.
constexpr unsigned kLongestLiteralCode = 14;
constexpr unsigned kLongestDistanceCode = 15;
constexpr unsigned kLongestLengthCode = 7;
constexpr std::array<std::uint8_t, 19> kLengthCodeOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                           11, 4,  12, 3, 13, 2, 14, 1, 15};

// A length or distance as DEFLATE encodes it: a symbol, followed by extra bits.
struct Parts {
  std::uint16_t symbol;
  std::uint8_t extra_bits;
  std::uint16_t extra;
};

constexpr unsigned highest_bit(std::size_t value) {
  unsigned bit = 0;
  while (value >>= 1) ++bit;
  return bit;
}

// For each number of extra bits, lengths have 2^2 symbols and distances 2^1.
constexpr Parts parts_of(std::size_t value, unsigned steps) {
  if (value < (std::size_t{2} << steps)) return {static_cast<std::uint16_t>(value), 0, 0};
  const unsigned extra_bits = highest_bit(value) - steps;
  return {static_cast<std::uint16_t>((std::size_t{extra_bits} << steps) + (value >> extra_bits)),
          static_cast<std::uint8_t>(extra_bits),
          static_cast<std::uint16_t>(value & ((std::size_t{1} << extra_bits) - 1))};
}

// The same as distance_parts(), for distances that are not known beforehand.
inline Parts any_distance_parts(std::size_t distance) {
  const std::size_t value = distance - 1;
  if (value < 4) return {static_cast<std::uint16_t>(value), 0, 0};
  const unsigned extra_bits = 62U - static_cast<unsigned>(__builtin_clzll(value));
  return {static_cast<std::uint16_t>((std::size_t{extra_bits} << 1) + (value >> extra_bits)),
          static_cast<std::uint8_t>(extra_bits),
          static_cast<std::uint16_t>(value & ((std::size_t{1} << extra_bits) - 1))};
}

constexpr Parts distance_parts(std::size_t distance) { return parts_of(distance - 1, 1); }

constexpr auto make_length_parts() {
  std::array<Parts, kLongestMatch + 1> parts{};
  for (std::size_t length = kShortestMatch; length < kLongestMatch; ++length) {
    parts[length] = parts_of(length - kShortestMatch, 2);
    parts[length].symbol = static_cast<std::uint16_t>(parts[length].symbol + kFirstLength);
  }
  parts[kLongestMatch] = {285, 0, 0};
  return parts;
}
constexpr auto kLengthParts = make_length_parts();

unsigned extra_bits_of_length_symbol(std::size_t symbol) {
  return symbol < kFirstLength + 8 || symbol == 285 ? 0 : static_cast<unsigned>((symbol - kFirstLength) / 4 - 1);
}
unsigned extra_bits_of_distance_symbol(std::size_t symbol) {
  return symbol < 4 ? 0 : static_cast<unsigned>(symbol / 2 - 1);
}

struct FixedCode {
  std::array<Code, 288> literals;
  std::array<Code, 32> distances;
  FixedCode() {
    for (std::size_t i = 0; i < literals.size(); ++i) {
      literals[i].length = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    }
    for (auto& code : distances) code.length = 5;
    assign_bits(literals.size(), literals.data());
    assign_bits(distances.size(), distances.data());
  }
};
const FixedCode& fixed_code() {
  static const FixedCode code;
  return code;
}

inline void put(BitWriter& out, Code code) { out.put(code.bits, code.length); }

// `codes` maps each token to its bits << 8 | the number of bits. `AtOnce` tokens must fit between two flushes.
template <int AtOnce>
void put_all(BitWriter& out, const std::uint64_t* codes, const Token* end, const Token*& token) {
  for (; end - token >= AtOnce; token += AtOnce) {
    for (int k = 0; k < AtOnce; ++k) out.put(codes[token[k]] >> 8, codes[token[k]] & 0xff);
    out.flush();
  }
}

}  // namespace

void BlockCode::count_literals(const unsigned char* bytes, std::size_t count) {
  count_bytes(bytes, count, literal_counts_.data());
  std::fill(literal_counts_.begin() + kEndOfBlock, literal_counts_.end(), 0);
  literal_counts_[kEndOfBlock] = 1;
  distance_counts_.fill(0);
}

void BlockCode::count_tokens(const Tokens& tokens, const Distances& distances) {
  // Four tables, so that incrementing equal neighbours does not become one chain of dependent stores.
  std::array<std::array<std::uint16_t, kTokens>, 4> tables{};
  const Token* token = tokens.begin;
  for (; tokens.end - token >= 4; token += 4) {
    for (std::size_t k = 0; k < 4; ++k) ++tables[k][token[k]];
  }
  for (; token < tokens.end; ++token) ++tables[0][*token];
  std::array<std::uint32_t, kTokens> counts;
  for (std::size_t k = 0; k < kTokens; ++k) {
    counts[k] = std::uint32_t{tables[0][k]} + tables[1][k] + tables[2][k] + tables[3][k];
  }

  std::copy_n(counts.begin(), 256, literal_counts_.begin());
  std::fill(literal_counts_.begin() + kEndOfBlock, literal_counts_.end(), 0);
  literal_counts_[kEndOfBlock] = 1;
  distance_counts_.fill(0);
  for (std::size_t which = 0; which < 2; ++which) {
    std::uint32_t used = 0;
    for (std::size_t length = kShortestMatch; length <= kLongestMatch; ++length) {
      const std::uint32_t times = counts[match_token(length, which)];
      literal_counts_[kLengthParts[length].symbol] += times;
      used += times;
    }
    used_distances_[which] = used == 0 ? 0 : distances[which];
    if (used != 0) distance_counts_[distance_parts(distances[which]).symbol] += used;
  }
}

void BlockCode::count_sequences(const Sequences& sequences) {
  literal_counts_.fill(0);
  distance_counts_.fill(0);
  literal_counts_[kEndOfBlock] = 1;
  for (const Sequence* at = sequences.begin; at < sequences.end; ++at) {
    if ((*at & kMatch) == 0) {
      ++literal_counts_[*at];
    } else {
      ++literal_counts_[kLengthParts[length_of(*at)].symbol];
      ++distance_counts_[any_distance_parts(distance_of(*at)).symbol];
    }
  }
}

std::size_t BlockCode::payload_bits(const Code* literals, const Code* distances) const {
  std::size_t bits = 0;
  for (std::size_t i = 0; i < kFirstLength; ++i) bits += std::size_t{literal_counts_[i]} * literals[i].length;
  for (std::size_t i = kFirstLength; i < kLiterals; ++i) {
    bits += std::size_t{literal_counts_[i]} * (literals[i].length + extra_bits_of_length_symbol(i));
  }
  for (std::size_t i = 0; i < kDistances; ++i) {
    bits += std::size_t{distance_counts_[i]} * (distances[i].length + extra_bits_of_distance_symbol(i));
  }
  return bits;
}

void BlockCode::make() {
  make_code(literal_counts_.data(), kLiterals, kLongestLiteralCode, literals_.data());
  make_code(distance_counts_.data(), kDistances, kLongestDistanceCode, distances_.data());
  make_header();
  std::size_t header = 3 + 5 + 5 + 4 + 3 * length_codes_sent_;
  for (const std::uint16_t sent : lengths_) {
    const unsigned symbol = sent & 0xff;
    header += length_code_[symbol].length + (symbol == 16 ? 2U : symbol == 17 ? 3U : symbol == 18 ? 7U : 0U);
  }
  bits_ = header + payload_bits(literals_.data(), distances_.data());
  const std::size_t fixed = 3 + payload_bits(fixed_code().literals.data(), fixed_code().distances.data());
  fixed_ = fixed <= bits_;
  if (fixed_) {
    bits_ = fixed;
    literals_ = fixed_code().literals;
    distances_ = fixed_code().distances;
  }
}

void BlockCode::make_header() {
  literals_sent_ = kLiterals;
  while (literals_sent_ > kFirstLength && literals_[literals_sent_ - 1].length == 0) --literals_sent_;
  distances_sent_ = kDistances;
  while (distances_sent_ > 1 && distances_[distances_sent_ - 1].length == 0) --distances_sent_;

  std::array<std::uint8_t, kLiterals + kDistances> all;
  const std::size_t count = literals_sent_ + distances_sent_;
  for (std::size_t i = 0; i < count; ++i) {
    all[i] =
        static_cast<std::uint8_t>(i < literals_sent_ ? literals_[i].length : distances_[i - literals_sent_].length);
  }
  lengths_.clear();
  std::array<std::uint32_t, kLengthCodes> used{};
  const auto send = [&](unsigned symbol, std::size_t extra) {
    lengths_.push_back(static_cast<std::uint16_t>(symbol | extra << 8));
    ++used[symbol];
  };
  for (std::size_t i = 0; i < count;) {
    const unsigned length = all[i];
    std::size_t run = 1;
    while (i + run < count && all[i + run] == length) ++run;
    i += run;
    if (length != 0) {
      send(length, 0);
      --run;
      for (; run >= 3; run -= std::min<std::size_t>(run, 6)) send(16, std::min<std::size_t>(run, 6) - 3);
    } else {
      for (; run >= 11; run -= std::min<std::size_t>(run, 138)) send(18, std::min<std::size_t>(run, 138) - 11);
      if (run >= 3) {
        send(17, run - 3);
        run = 0;
      }
    }
    for (; run > 0; --run) send(length, 0);
  }
  make_code(used.data(), kLengthCodes, kLongestLengthCode, length_code_.data());
  length_codes_sent_ = kLengthCodes;
  while (length_codes_sent_ > 4 && length_code_[kLengthCodeOrder[length_codes_sent_ - 1]].length == 0) {
    --length_codes_sent_;
  }
}

void BlockCode::put_header(BitWriter& out, bool last) const {
  out.put(last, 1);
  out.put(fixed_ ? 1 : 2, 2);
  if (!fixed_) {
    out.put(literals_sent_ - kFirstLength, 5);
    out.put(distances_sent_ - 1, 5);
    out.put(length_codes_sent_ - 4, 4);
    out.flush();
    for (std::size_t i = 0; i < length_codes_sent_; ++i) {
      out.put(length_code_[kLengthCodeOrder[i]].length, 3);
      out.flush();
    }
    for (const std::uint16_t sent : lengths_) {
      const unsigned symbol = sent & 0xff;
      put(out, length_code_[symbol]);
      if (symbol >= 16) out.put(sent >> 8, symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
      out.flush();
    }
  }
  out.flush();
}

void BlockCode::put_literals(BitWriter& out, const unsigned char* bytes, std::size_t count, bool last) const {
  put_header(out, last);
  BitWriter local = out;  // a local copy, so that its state can stay in registers
  for (; count >= 4; count -= 4, bytes += 4) {
    const Code a = literals_[bytes[0]];
    const Code b = literals_[bytes[1]];
    const Code c = literals_[bytes[2]];
    const Code d = literals_[bytes[3]];
    // Combines pairs first, which shortens the chain of dependent operations.
    const std::uint64_t ab = a.bits | std::uint64_t{b.bits} << a.length;
    const std::uint64_t cd = c.bits | std::uint64_t{d.bits} << c.length;
    const unsigned ab_length = a.length + b.length;
    local.put(ab | cd << ab_length, ab_length + c.length + d.length);
    local.flush();
  }
  for (; count > 0; --count) put(local, literals_[*bytes++]);
  put(local, literals_[kEndOfBlock]);
  local.flush();
  out = local;
}

void BlockCode::put_tokens(BitWriter& out, const Tokens& tokens, bool last) const {
  put_header(out, last);
  std::array<std::uint64_t, kTokens> all;
  unsigned longest = kLongestLiteralCode;
  for (std::size_t i = 0; i < 256; ++i) all[i] = std::uint64_t{literals_[i].bits} << 8 | literals_[i].length;
  for (std::size_t which = 0; which < 2; ++which) {
    if (used_distances_[which] == 0) continue;
    const Parts distance = distance_parts(used_distances_[which]);
    const Code distance_code = distances_[distance.symbol];
    const std::uint64_t distance_bits = distance_code.bits | std::uint64_t{distance.extra} << distance_code.length;
    const unsigned distance_count = distance_code.length + distance.extra_bits;
    for (std::size_t length = kShortestMatch; length <= kLongestMatch; ++length) {
      const Parts& parts = kLengthParts[length];
      const Code code = literals_[parts.symbol];
      const unsigned count = code.length + parts.extra_bits;
      const std::uint64_t bits = code.bits | std::uint64_t{parts.extra} << code.length | distance_bits << count;
      all[match_token(length, which)] = bits << 8 | (count + distance_count);
      if (code.length != 0) longest = std::max(longest, count + distance_count);
    }
  }
  BitWriter local = out;
  const Token* token = tokens.begin;
  if (longest <= 19) {
    put_all<3>(local, all.data(), tokens.end, token);
  } else if (longest <= 28) {
    put_all<2>(local, all.data(), tokens.end, token);
  }
  put_all<1>(local, all.data(), tokens.end, token);
  put(local, literals_[kEndOfBlock]);
  local.flush();
  out = local;
}

void BlockCode::put_sequences(BitWriter& out, const Sequences& sequences, bool last) const {
  put_header(out, last);
  BitWriter local = out;
  for (const Sequence* at = sequences.begin; at < sequences.end; ++at) {
    if ((*at & kMatch) == 0) {
      put(local, literals_[*at]);
    } else {
      const Parts length = kLengthParts[length_of(*at)], distance = any_distance_parts(distance_of(*at));
      put(local, literals_[length.symbol]);
      local.put(length.extra, length.extra_bits);
      put(local, distances_[distance.symbol]);
      local.put(distance.extra, distance.extra_bits);
    }
    local.flush();
  }
  put(local, literals_[kEndOfBlock]);
  local.flush();
  out = local;
}

}  // namespace h5tracks::codec
