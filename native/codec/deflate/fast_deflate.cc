#include "codec/deflate/fast_deflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "codec/deflate/bit_writer.h"
#include "codec/deflate/block_code.h"
#include "codec/deflate/history.h"
#include "codec/deflate/matches.h"
#include "codec/deflate/statistics.h"
#include "system/process/per_thread.h"
#include "system/scratch.h"

namespace h5tracks::codec {

namespace {

constexpr std::size_t kWindow = 32768;
constexpr std::size_t kMostStored = 65535;
// The code of a smaller block takes more bits than it saves.
constexpr std::size_t kLeastOfBlock = 1024;

// Found by measurement. Bits: how many a match costs besides its symbol, and how many it must replace to be worth it.
constexpr float kNearBits = 4;
constexpr float kFarBits = 7;
constexpr float kNearSaves = 6;
constexpr float kFarSaves = 12;
constexpr float kLongestLeast = 16;
// Found by measurement. If the estimated size is more than this fraction of the alternative, the work is not worth it:
// matches against literals, both distances against the near one alone, any code against stored bytes.
constexpr float kWorthMatching = 0.95F;
constexpr float kWorthBoth = 0.75F;
constexpr float kWorthCoding = 0.99F;
// Found by measurement. Bits of a byte without a search: a search saves nothing worth mentioning below the first, much
// up to the second, and above it only for some bytes, which a sample tells.
constexpr float kLeastSearched = 0.02F;
constexpr std::size_t kLeastSearchedBytes = 64;
constexpr float kSurelySearched = 1;
constexpr std::size_t kSearchedSample = 4096;
constexpr float kWorthSearching = 0.94F;

// Fixed overhead: the stream's header and checksum, and the header of a stored block.
constexpr std::size_t kAround = 2 + 4;
constexpr std::size_t kStoredHeader = 5;

std::size_t stored_size(std::size_t bytes) {
  return kAround + bytes + kStoredHeader * std::max<std::size_t>(1, (bytes + kMostStored - 1) / kMostStored);
}

void put_stored(BitWriter& out, const unsigned char* bytes, std::size_t count, bool last) {
  do {
    const std::size_t part = std::min(count, kMostStored);
    count -= part;
    out.put(last && count == 0, 3);
    out.align();
    out.put(part | (part ^ 0xffff) << 16, 32);
    out.flush();
    if (part > 0) out.put_bytes(bytes, part);
    bytes += part;
  } while (count > 0);
}

class BlockEncoder {
 public:
  void start(const ChunkLayout& layout) {
    thorough_ = layout.thorough;
    distances_ = {usable(layout.near), usable(layout.far)};
    if (distances_[1] == distances_[0]) distances_[1] = 0;
    last_count_ = 0;
  }

  void start_section(const unsigned char* bytes, std::size_t count) { history_.start(bytes, count); }

  void put(BitWriter& out, const unsigned char* bytes, std::size_t count, bool last) {
    // Shuffled small integers often have several identical byte planes.
    if (count >= kLeastOfBlock && count == last_count_ && !reaches_back_ &&
        std::memcmp(bytes - count, bytes, count) == 0) {
      return put_again(out, bytes, count, last);
    }
    last_count_ = count;
    plan(bytes, count);
    last_at_ = out.position();
    switch (how_) {
      case How::kStored:
        return put_stored(out, bytes, count, last);
      case How::kLiterals:
        return code_.put_literals(out, bytes, count, last);
      case How::kTokens:
        return code_.put_tokens(out, tokens_, last);
      case How::kSequences:
        return code_.put_sequences(out, sequences_, last);
    }
  }

 private:
  enum class How { kStored, kLiterals, kTokens, kSequences };

  static std::size_t usable(std::size_t distance) { return distance <= kWindow ? distance : 0; }

  void plan(const unsigned char* bytes, std::size_t count) {
    const std::size_t stored_bits = 8 * (count + kStoredHeader);
    how_ = choose(bytes, count);
    if (how_ != How::kStored) code_.make();
    if (is_worth_searching(bytes, count)) search(bytes, count);
    if (how_ != How::kStored && code_.bits() >= stored_bits) how_ = How::kStored;
    reaches_back_ = how_ == How::kSequences && history_.reaches_back();
    last_bits_ = how_ == How::kStored ? stored_bits : code_.bits();
  }

  // Chooses from a sample, then counts all bytes for the code.
  How choose(const unsigned char* bytes, std::size_t count) {
    std::array<std::uint32_t, 256> counts;
    sample_bytes(bytes, count, counts.data());
    const float literals = expected_bits(counts.data(), {}, 0);
    const Survey survey = survey_matches(bytes, count, distances_);
    runs_bits_ = literals;
    row_ = 0;
    if (survey.both.matches > 0) {
      const float near = expected_bits(counts.data(), survey.near, kNearBits);
      const float both = expected_bits(counts.data(), survey.both, kFarBits);
      runs_bits_ = std::min(literals, near);
      row_ = both < kWorthMatching * near ? distances_[1] : 0;
      if (std::min(near, both) < kWorthMatching * literals) {
        const float each = std::max(1.0F, literals / static_cast<float>(count));
        const std::size_t near_least = least(kNearSaves / each);
        tokens_ = matches_.tokens(bytes, count, {distances_[0], both < kWorthBoth * near ? distances_[1] : 0},
                                  {near_least, std::max(near_least, least(kFarSaves / each))});
        code_.count_tokens(tokens_, distances_);
        return How::kTokens;
      }
    }
    if (literals >= kWorthCoding * 8 * static_cast<float>(count)) return How::kStored;
    code_.count_literals(bytes, count);
    return How::kLiterals;
  }

  bool is_worth_searching(const unsigned char* bytes, std::size_t count) {
    if (!thorough_ || count < kLeastSearchedBytes) return false;
    const float all = static_cast<float>(count);
    const float bits = how_ == How::kStored ? 8 * all : static_cast<float>(code_.bits());
    if (bits < kLeastSearched * all) return false;
    if (bits < kSurelySearched * all || count <= kSearchedSample) return true;
    const float sampled = static_cast<float>(kSearchedSample);
    other_.count_sequences(
        history_.sequences(bytes + (count - kSearchedSample) / 2, kSearchedSample, row_, runs_bits_ / all * sampled));
    other_.make();
    return static_cast<float>(other_.bits()) / sampled < kWorthSearching * bits / all;
  }

  void search(const unsigned char* bytes, std::size_t count) {
    const Sequences found = history_.sequences(bytes, count, row_, runs_bits_);
    other_.count_sequences(found);
    other_.make();
    if (how_ != How::kStored && other_.bits() >= code_.bits()) return;
    how_ = How::kSequences;
    sequences_ = found;
    std::swap(code_, other_);
  }

  static std::size_t least(float length) {
    return static_cast<std::size_t>(std::clamp(length, static_cast<float>(kShortestMatch), kLongestLeast));
  }

  // Encodes a block that equals the one before: as matches with it, or as a copy of its encoded bits, if that is
  // shorter.
  void put_again(BitWriter& out, const unsigned char* bytes, std::size_t count, bool last) {
    if (count <= kWindow) {
      tokens_ = matches_.one_match(count);
      code_.count_tokens(tokens_, {count, 0});
      code_.make();
      if (code_.bits() < last_bits_) return code_.put_tokens(out, tokens_, last);
    }
    if (how_ == How::kStored) return put_stored(out, bytes, count, last);
    out.put(last, 1);
    out.flush();
    out.repeat(last_at_ + 1, last_bits_ - 1);
  }

  bool thorough_ = false;
  Distances distances_{};
  MatchFinder matches_;
  Tokens tokens_;
  History history_;
  Sequences sequences_;
  std::size_t row_ = 0;  // the second distance, if it is worth a try
  float runs_bits_ = 0;  // estimate for the block with matches at the first distance only
  BlockCode code_, other_;
  How how_ = How::kStored;
  bool reaches_back_ = false;
  // Of the last block that did not repeat the one before.
  std::size_t last_count_ = 0;
  std::size_t last_at_ = 0;
  std::size_t last_bits_ = 0;
};

void put_blocks(BitWriter& out, const unsigned char* in, std::size_t bytes, const ChunkLayout& layout) {
  auto& encoder = system::per_thread<BlockEncoder>();
  encoder.start(layout);
  std::size_t section = layout.section == 0 || layout.section > bytes ? bytes : layout.section;
  if (section > 0 && section < kLeastOfBlock) section *= (kLeastOfBlock + section - 1) / section;
  std::size_t done = 0;
  do {
    const std::size_t here = std::min(section, bytes - done);
    encoder.start_section(in + done, here);
    const std::size_t parts = (here + BlockCode::kMostBytes - 1) / BlockCode::kMostBytes;
    for (std::size_t part = 0; part < std::max<std::size_t>(parts, 1); ++part) {
      const std::size_t count = parts == 0 ? 0 : here * (part + 1) / parts - here * part / parts;
      encoder.put(out, in + done, count, done + count == bytes);
      done += count;
    }
  } while (done < bytes);
}

}  // namespace

std::vector<unsigned char> fast_deflate(const unsigned char* in, std::size_t bytes, const ChunkLayout& layout) {
  // A block never takes more than it would stored, and at most one block is shorter than kLeastOfBlock.
  auto& room = system::per_thread<std::vector<unsigned char>, struct Room>();
  constexpr std::size_t touched = 16;
  const std::size_t needed = kAround + bytes + (kStoredHeader + 1) * (bytes / kLeastOfBlock + 2) + touched;
  if (room.size() < needed) room.resize(needed);
  const auto encode = [&](auto&& put_body) {
    BitWriter out(room.data());
    out.put(0x0178, 16);  // zlib header: deflate, a 32 KiB window, fastest algorithm
    out.flush();
    put_body(out);
    out.align();
    const std::uint32_t sum = libdeflate_adler32(1, in, bytes);
    for (int shift = 24; shift >= 0; shift -= 8) out.put(sum >> shift & 0xff, 8);
    out.flush();
    return out.bytes();
  };
  std::size_t size = encode([&](BitWriter& out) { put_blocks(out, in, bytes, layout); });
  if (size > stored_size(bytes)) size = encode([&](BitWriter& out) { put_stored(out, in, bytes, true); });
  std::vector<unsigned char> made(room.data(), room.data() + size);
  system::shrink_scratch(room);
  return made;
}

}  // namespace h5tracks::codec
