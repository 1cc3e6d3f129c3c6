// Finds matches at any distance, by a table of hashes. Made for bytes that come in runs: only the beginnings of runs
// are looked up, and a hash covers as many bytes as a match must have to be worth its bits. Knows neither Node nor
// HDF5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codec/deflate/matches.h"

namespace h5tracks::codec {

// A literal byte (below 256), or a match: kMatch, its length less kShortestMatch, and its distance less one.
using Sequence = std::uint32_t;
constexpr Sequence kMatch = Sequence{1} << 31;
constexpr Sequence sequence_of(std::size_t length, std::size_t distance) {
  return kMatch | static_cast<Sequence>(length - kShortestMatch) << 16 | static_cast<Sequence>(distance - 1);
}
constexpr std::size_t length_of(Sequence match) { return (match >> 16 & 0xff) + kShortestMatch; }
constexpr std::size_t distance_of(Sequence match) { return (match & 0x7fff) + 1; }

// Belongs to a History; valid until its next call.
struct Sequences {
  const Sequence* begin = nullptr;
  const Sequence* end = nullptr;
};

class History {
 public:
  History();
  // Forgets everything. `bytes` follow, in blocks.
  void start(const unsigned char* section, std::size_t bytes);
  // A block as sequences, at least one byte. `row`: a distance at which equal bytes are likely; 0: none. `bits`: how
  // many the block takes with matches at distance 1 only, which says what a match saves.
  Sequences sequences(const unsigned char* block, std::size_t count, std::size_t row, float bits);
  // Whether a match of the last block begins in a block before it.
  bool reaches_back() const { return reaches_back_; }

 private:
  static constexpr unsigned kTableBits = 13;
  struct Match {
    std::size_t length = 0, distance = 0;
    float gain = 0;
  };

  void set_hash(float rate);
  bool can_hash(std::size_t at) const { return at + hashed_ <= count_; }
  std::uint32_t& entry(std::size_t at);
  std::uint32_t place(std::size_t at) const { return base_ + static_cast<std::uint32_t>(block_ + at - section_); }
  void consider(std::size_t at, std::size_t distance, Match& best) const;
  Match find(std::size_t at);
  void remember(std::size_t from, std::size_t to);
  std::size_t next_beginning(std::size_t from) const;
  std::size_t beginnings(std::size_t from, std::size_t count) const;
  void put(std::size_t at, std::size_t length, std::size_t distance);

  const unsigned char* section_ = nullptr;
  std::size_t section_bytes_ = 0;
  std::uint32_t base_ = 1;  // of the section's places in the table; lower ones belong to earlier sections
  std::vector<std::uint32_t> table_;

  // Of the block.
  const unsigned char* block_ = nullptr;
  std::size_t count_ = 0, row_ = 0;
  std::vector<unsigned char> same_;  // bit i: byte i equals the one before it, so no run begins there
  float per_beginning_ = 0;          // bits that the beginning of a run takes without a match
  bool is_lazy_ = false;
  bool reaches_back_ = false;
  std::size_t hashed_ = 8;   // bytes that a hash covers, but at least 8
  unsigned unhashed_ = 0;    // bits of the first 8 bytes that it leaves out
  std::uint64_t shape_ = 0;  // bits of same_ that it covers
  std::vector<Sequence> sequences_;
  Sequence* out_ = nullptr;
};

}  // namespace h5tracks::codec
