// Our inflater gives the same result as zlib for any stream, valid or damaged. The last line is "N passed, N failed",
// and the exit code is 0 if none failed.
#include <array>

#include "codec/deflate/bit_writer.h"
#include "codec/deflate/fast_deflate.h"
#include "codec/pipeline.h"
#include "inflate_oracle.h"
#include "support.h"

namespace {

using namespace h5tracks::test;
using h5tracks::codec::BitWriter;

constexpr std::size_t kFrame = 2, kChecksum = 4;

Bytes by_zlib(const Bytes& bytes, int level, int strategy, int memory = 8) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, 15, memory, strategy);
  Bytes out(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<unsigned char*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Bytes by_us(std::mt19937& random, const Bytes& bytes, std::size_t row) {
  return h5tracks::codec::fast_deflate(bytes.data(), bytes.size(), {below(random, bytes.size() + 2), 1, row});
}

Bytes filled(std::mt19937& random, std::size_t size, std::string& name) {
  const Kind& kind = kinds()[below(random, kinds().size())];
  Bytes bytes(size);
  kind.fill(random, bytes, 1 + below(random, 300));
  name = std::string(kind.name) + ", " + std::to_string(size) + " bytes";
  return bytes;
}

void expect_same(const Bytes& stream, std::size_t bytes, const std::string& what) {
  const std::string difference = h5tracks::test::difference(stream, bytes);
  check(difference.empty(), what + ": " + difference);
}

// Streams of every encoder.
void test_sound_streams() {
  std::mt19937 random(1);
  std::string name;
  for (int round = 0; round < 400; ++round) {
    const Bytes bytes = filled(random, below(random, round % 10 == 0 ? 200000 : 5000), name);
    std::vector<Bytes> streams = {by_us(random, bytes, below(random, 300))};
    for (int level = 0; level <= 9; ++level) streams.push_back(by_zlib(bytes, level, Z_DEFAULT_STRATEGY));
    for (const int strategy : {Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED}) {
      streams.push_back(by_zlib(bytes, 6, strategy, 1 + static_cast<int>(below(random, 9))));
    }
    for (const Bytes& stream : streams) {
      Bytes back(bytes.size());
      check(ask_us(stream.data(), stream.size(), 0, back) && back == bytes,
            name + ": our inflater gives the original bytes");
      expect_same(stream, bytes.size(), name);
      expect_same(stream, bytes.size() + 1, name + ", one byte too many expected");
      if (!bytes.empty()) expect_same(stream, bytes.size() - 1, name + ", one byte too few expected");
      Bytes longer = stream;
      longer.push_back(7);
      expect_same(longer, bytes.size(), name + ", with a byte after the stream");
    }
  }
}

// A block with the fixed code: `literals` bytes, then matches.
struct Match {
  unsigned length, distance;
};
Bytes fixed_block(std::mt19937& random, std::size_t literals, const std::vector<Match>& matches) {
  Bytes out(literals * 2 + matches.size() * 8 + 64);
  BitWriter writer(out.data());
  const auto put_code = [&](unsigned code, unsigned bits) {  // first bit highest
    for (unsigned bit = bits; bit-- > 0;) writer.put(code >> bit & 1, 1);
    writer.flush();
  };
  const auto put_number = [&](unsigned value, unsigned steps, unsigned first, unsigned bits) {
    unsigned extra = 0;
    while (value >> extra >= 2U << steps) ++extra;
    const unsigned symbol = first + (extra << steps) + (value >> extra);
    if (bits == 5) put_code(symbol, 5);
    if (bits == 7) symbol < 280 ? put_code(symbol - 256, 7) : put_code(0xc0 + symbol - 280, 8);
    writer.put(value & ((1U << extra) - 1), extra);
    writer.flush();
  };
  writer.put(1 | 1 << 1, 3);
  for (std::size_t i = 0; i < literals; ++i) {
    const unsigned byte = below(random, 256);
    byte < 144 ? put_code(0x30 + byte, 8) : put_code(0x190 + byte - 144, 9);
  }
  for (const auto& [length, distance] : matches) {
    length == 258 ? put_code(0xc5, 8) : put_number(length - 3, 2, 257, 7);
    put_number(distance - 1, 1, 0, 5);
  }
  put_code(0, 7);
  writer.align();
  out.resize(writer.bytes());
  return out;
}

void test_every_length_and_distance() {
  std::mt19937 random(2);
  constexpr std::size_t kWindow = 32768;
  const auto test = [&](std::size_t literals, const std::vector<Match>& matches, bool good, const std::string& what) {
    std::size_t bytes = literals;
    for (const Match& match : matches) bytes += match.length;
    Verdict verdict;
    const Bytes stream = framed(fixed_block(random, literals, matches), bytes, verdict);
    check(verdict.good == good, what + (good ? ": zlib accepts it" : ": zlib refuses it"));
    expect_same(stream, bytes, what);
  };
  for (unsigned length = 3; length <= 258; ++length) {
    for (const unsigned distance : {1U, 2U, 3U, 5U, 7U, 8U, 9U, 15U, 16U, 17U, 31U, 32U, 33U, 36U, 300U}) {
      // Far from the end of the output, and at it.
      const std::string what = "length " + std::to_string(length) + ", distance " + std::to_string(distance);
      test(300, {{length, distance}}, true, what);
      test(300, {{length, distance}, {258, 300}, {258, 1}, {length, distance}}, true,
           what + ", followed by more matches");
    }
  }
  for (unsigned distance = 1; distance <= kWindow; distance += distance < 70 ? 1 : distance % 97 + 1) {
    const std::string what = "distance " + std::to_string(distance);
    test(distance, {{20, distance}}, true, what);
    test(distance - 1, {{20, distance}}, false, what + ", one too far");
    test(distance - 1, {{20, distance}, {258, 1}, {258, 1}}, false, what + ", one too far, early");
  }
}

// Damage as by a disk, a cable or an attacker. The checksum is corrected where zlib reads that far, so that it does not
// hide the damage.
Bytes damaged(std::mt19937& random, Bytes data, const Bytes& other) {
  for (unsigned times = 1 + below(random, 3); times > 0 && !data.empty(); --times) {
    const std::size_t at = below(random, random() % 2 == 0 ? std::min<std::size_t>(data.size(), 80) : data.size());
    const auto place = data.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random() % 6) {
      case 0:
        data.resize(at);
        break;
      case 1:
        *place = static_cast<unsigned char>(random());
        break;
      case 2:
        data.erase(place);
        break;
      case 3:
        data.insert(place, static_cast<unsigned char>(random()));
        break;
      case 4:
        std::copy_n(other.begin(), std::min(other.size(), data.size() - at), place);
        break;
      default:
        *place ^= static_cast<unsigned char>(1U << random() % 8);
    }
  }
  return data;
}

void test_damaged_streams(int rounds) {
  std::mt19937 random(3);
  constexpr std::size_t kMost = 20000;
  int accepted = 0, refused = 0;
  std::vector<Bytes> sound;
  std::string name;
  for (int i = 0; i < 400; ++i) {
    const Bytes bytes = filled(random, below(random, i % 4 == 0 ? 8000 : 700), name);
    sound.push_back(i % 3 == 0   ? by_us(random, bytes, 36)
                    : i % 3 == 1 ? by_zlib(bytes, static_cast<int>(below(random, 10)), Z_DEFAULT_STRATEGY)
                                 : by_zlib(bytes, 6, static_cast<int>(1 + below(random, 4)), 1));
  }
  for (int round = 0; round < rounds; ++round) {
    const Bytes& stream = sound[below(random, sound.size())];
    const Bytes& other = sound[below(random, sound.size())];
    const std::string what = "mutant " + std::to_string(round);
    if (round % 4 == 0) {
      const Bytes mutant = damaged(random, stream, other);
      expect_same(mutant, ask_zlib(mutant.data(), mutant.size(), false, kMost).bytes.size(), what);
      continue;
    }
    const Bytes data(stream.begin() + kFrame, stream.end() - kChecksum);
    Verdict verdict;
    const Bytes mutant = framed(damaged(random, data, other), kMost, verdict);
    ++(verdict.good ? accepted : refused);
    expect_same(mutant, verdict.bytes.size(), what);
  }
  check(accepted > rounds / 20 && refused > rounds / 20,
        "zlib accepts many mutants and refuses many: " + std::to_string(accepted) + " accepted, " +
            std::to_string(refused) + " refused");
}

// Streams that zlib refuses and libdeflate may accept.
void test_invalid_codes() {
  const auto test = [](const std::vector<std::array<unsigned, 2>>& fields, const std::string& what) {
    Bytes data(64);
    BitWriter writer(data.data());
    for (const auto& [value, bits] : fields) {
      writer.put(value, bits);
      writer.flush();
    }
    writer.align();
    data.resize(writer.bytes() + 8);
    Verdict verdict;
    const Bytes stream = framed(data, 100, verdict);
    check(!verdict.good, what + ": zlib refuses it");
    expect_same(stream, verdict.bytes.size(), what);
  };
  test({{1, 1}, {3, 2}}, "a block of the fourth, undefined kind");
  test({{1, 1}, {2, 2}, {30, 5}, {0, 5}, {15, 4}}, "287 literal symbols");
  test({{1, 1}, {2, 2}, {0, 5}, {30, 5}, {15, 4}}, "31 distance symbols");
  test({{1, 1}, {2, 2}, {0, 5}, {0, 5}, {0, 4}, {0, 12}}, "an empty code for lengths");
  test({{1, 1}, {2, 2}, {0, 5}, {0, 5}, {0, 4}, {1, 3}, {0, 9}}, "a code for lengths with one symbol");
  test({{1, 1}, {2, 2}, {0, 5}, {0, 5}, {0, 4}, {1, 3}, {0, 3}, {0, 3}, {1, 3}, {0, 1}},
       "a repetition without a previous length");
  test({{1, 1}, {1, 2}, {0x03, 8}}, "the fixed code's symbol 286");
}

}  // namespace

int main(int argc, char** argv) {
  test_sound_streams();
  test_every_length_and_distance();
  test_invalid_codes();
  test_damaged_streams(argc > 1 ? std::stoi(argv[1]) : 120000);
  return report();
}
