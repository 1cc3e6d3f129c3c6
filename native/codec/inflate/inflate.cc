#include "codec/inflate/inflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "codec/inflate/inflate_symbols.h"

namespace h5tracks::codec {

namespace {

constexpr std::size_t kMostLiteralSymbols = 286, kMostDistanceSymbols = 30;
constexpr std::array<std::uint8_t, 19> kLengthCodeOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                           11, 4,  12, 3, 13, 2, 14, 1, 15};
constexpr std::size_t kHeader = 2, kChecksum = 4;

// The method is deflate, the window at most 32 KiB, and there is no preset dictionary.
bool is_header(const unsigned char* in) {
  return (in[0] & 0x0f) == 8 && in[0] >> 4 <= 7 && (in[1] & 0x20) == 0 && (in[0] << 8 | in[1]) % 31 == 0;
}

bool stored_block(InflateStream& stream) {
  stream.drop(stream.left % 8);
  unsigned count, inverted;
  if (!stream.take(16, count) || !stream.take(16, inverted) || count != (inverted ^ 0xffff)) return false;
  stream.give_back();
  if (count > stream.in_left() || count > stream.out_left()) return false;
  std::copy_n(stream.in, count, stream.out);
  stream.in += count;
  stream.out += count;
  return true;
}

// Symbols 0-15 are lengths, 16-18 repetitions (RFC 1951, 3.2.7).
bool read_lengths(InflateStream& stream, const LengthTable& table, std::uint8_t* lengths, std::size_t count) {
  const std::uint64_t mask = (std::uint64_t{1} << table.bits()) - 1;
  constexpr unsigned kRepeat = 16, kZeros = 17, kManyZeros = 18;
  for (std::size_t i = 0; i < count;) {
    if (stream.left < LengthTable::kBits + 7) stream.refill();
    const std::uint32_t entry = table.entries()[stream.buffer & mask];
    if (!stream.drop(entry & kTaken)) return false;
    const std::uint32_t symbol = entry >> 16;
    if (symbol < kRepeat) {
      lengths[i++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    unsigned more;
    if (!stream.take(symbol == kRepeat ? 2 : symbol == kZeros ? 3 : 7, more)) return false;
    more += symbol == kManyZeros ? 11 : 3;
    if (more > count - i || (symbol == kRepeat && i == 0)) return false;
    std::fill_n(lengths + i, more, symbol == kRepeat ? lengths[i - 1] : std::uint8_t{0});
    i += more;
  }
  return true;
}

struct FixedCodes {
  LiteralTable literals;
  DistanceTable distances;
  FixedCodes() {
    std::array<std::uint8_t, 288> lengths;
    for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    literals.build(lengths.data(), lengths.size(), 0);
    lengths.fill(5);
    distances.build(lengths.data(), 32);
  }
};

const FixedCodes& fixed_codes() {
  static const FixedCodes codes;
  return codes;
}

}  // namespace

bool Inflater::read_codes(InflateStream& stream) {
  unsigned literals, distances, length_codes;
  if (!stream.take(5, literals) || !stream.take(5, distances) || !stream.take(4, length_codes)) return false;
  literals += 257;
  distances += 1;
  if (literals > kMostLiteralSymbols || distances > kMostDistanceSymbols) return false;
  std::array<std::uint8_t, kLengthCodeOrder.size()> length_lengths{};
  for (std::size_t i = 0; i < length_codes + 4; ++i) {
    unsigned length;
    if (!stream.take(3, length)) return false;
    length_lengths[kLengthCodeOrder[i]] = static_cast<std::uint8_t>(length);
  }
  LengthTable table;
  std::array<std::uint8_t, kMostLiteralSymbols + kMostDistanceSymbols> lengths;
  return table.build(length_lengths.data(), length_lengths.size()) &&
         read_lengths(stream, table, lengths.data(), literals + distances) &&
         literals_.build(lengths.data(), literals, stream.in_left()) &&
         distances_.build(lengths.data() + literals, distances);
}

bool Inflater::block(InflateStream& stream, bool& last) {
  unsigned header;
  if (!stream.take(3, header)) return false;
  last = (header & 1) != 0;
  switch (header >> 1) {
    case 0:
      return stored_block(stream);
    case 1:
      return inflate_symbols(stream, fixed_codes().literals, fixed_codes().distances);
    case 2:
      return read_codes(stream) && inflate_symbols(stream, literals_, distances_);
    default:
      return false;
  }
}

bool Inflater::inflate(const unsigned char* in, std::size_t in_bytes, unsigned char* out, std::size_t bytes,
                       std::size_t room) {
  if (in_bytes < kHeader || !is_header(in)) return false;
  InflateStream stream(in + kHeader, in_bytes - kHeader, out, bytes, room);
  for (bool last = false; !last;) {
    if (!block(stream, last)) return false;
  }
  stream.give_back();
  if (stream.out != stream.out_end || stream.in_left() < kChecksum) return false;
  const unsigned char* const sum = stream.in;
  const std::uint32_t expected = std::uint32_t{sum[0]} << 24 | sum[1] << 16 | sum[2] << 8 | sum[3];
  return libdeflate_adler32(1, out, bytes) == expected;
}

}  // namespace h5tracks::codec
