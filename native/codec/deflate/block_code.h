// Encodes one DEFLATE block with a Huffman code made for it (RFC 1951, 3.2.6 and 3.2.7). Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "codec/deflate/bit_writer.h"
#include "codec/deflate/history.h"
#include "codec/deflate/huffman.h"
#include "codec/deflate/matches.h"

namespace h5tracks::codec {

class BlockCode {
 public:
  static constexpr std::size_t kMostBytes = 65535;  // the counters have 16 bits

  // 1. Count what the block will contain: literal bytes, tokens, or sequences.
  void count_literals(const unsigned char* bytes, std::size_t count);
  void count_tokens(const Tokens& tokens, const Distances& distances);
  void count_sequences(const Sequences& sequences);
  // 2. Make the code.
  void make();
  std::size_t bits() const { return bits_; }  // of the whole block
  // 3. Write what was counted.
  void put_literals(BitWriter& out, const unsigned char* bytes, std::size_t count, bool last) const;
  void put_tokens(BitWriter& out, const Tokens& tokens, bool last) const;
  void put_sequences(BitWriter& out, const Sequences& sequences, bool last) const;

 private:
  static constexpr std::size_t kLiterals = 286;
  static constexpr std::size_t kDistances = 30;
  static constexpr std::size_t kLengthCodes = 19;

  void make_header();
  std::size_t payload_bits(const Code* literals, const Code* distances) const;
  void put_header(BitWriter& out, bool last) const;

  std::array<std::uint32_t, kLiterals> literal_counts_;  // of literals and lengths
  std::array<std::uint32_t, kDistances> distance_counts_;
  std::array<Code, 288> literals_;
  std::array<Code, 32> distances_;
  Distances used_distances_{};
  std::size_t bits_ = 0;

  bool fixed_ = false;
  std::vector<std::uint16_t> lengths_;  // the code lengths, run-length encoded: symbol | extra << 8
  std::array<Code, kLengthCodes> length_code_;
  std::size_t literals_sent_ = 0;
  std::size_t distances_sent_ = 0;
  std::size_t length_codes_sent_ = 0;
};

}  // namespace h5tracks::codec
