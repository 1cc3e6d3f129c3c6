// Finds where bytes equal those at one of two fixed distances before. Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace h5tracks::codec {

constexpr std::size_t kShortestMatch = 3;
constexpr std::size_t kLongestMatch = 258;
constexpr std::size_t kLengths = kLongestMatch - kShortestMatch + 1;

// In bytes; 0: not used.
using Distances = std::array<std::size_t, 2>;

// A literal byte (below 256), or a match: its length and which of the distances. One number, so that code over tokens
// has no branches, which no processor could predict.
using Token = std::uint16_t;
constexpr std::size_t kTokens = 256 + 2 * kLengths;
constexpr Token match_token(std::size_t length, std::size_t which) {
  return static_cast<Token>(256 + which * kLengths + length - kShortestMatch);
}

// Sets bit i of `equal` if byte i equals the one `distance` before it. Bytes with no such byte do not. The bits have 8
// readable bytes more.
void compare_bytes(const unsigned char* bytes, std::size_t count, std::size_t distance,
                   std::vector<unsigned char>& equal);

// How much can be matched, estimated from a sample.
struct Matchable {
  float matches = 0;
  float bytes = 0;
};
struct Survey {
  Matchable near;  // with the first distance alone
  Matchable both;
};
Survey survey_matches(const unsigned char* bytes, std::size_t count, const Distances& distances);

// Belongs to a MatchFinder; valid until its next call.
struct Tokens {
  const Token* begin = nullptr;
  const Token* end = nullptr;
};

class MatchFinder {
 public:
  // All bytes as tokens. A match has at least the length in `least`, 3 … 16; that of the second distance must not be
  // less than that of the first.
  Tokens tokens(const unsigned char* bytes, std::size_t count, const Distances& distances,
                const std::array<std::size_t, 2>& least);
  // `length` bytes, at least 3, as matches at the first distance.
  Tokens one_match(std::size_t length);

 private:
  template <bool Both>
  Tokens find(const unsigned char* bytes, std::size_t count, const Distances& distances,
              const std::array<std::size_t, 2>& least);

  // Bit i belongs to byte i.
  using Bits = std::vector<unsigned char>;

  std::array<Bits, 2> equal_;  // byte i equals the byte a distance before
  Bits begins_;                // a match that is long enough begins at byte i
  std::vector<Token> tokens_;
};

}  // namespace h5tracks::codec
