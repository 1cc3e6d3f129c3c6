// Where in some bytes the same bytes stood one of two fixed distances before. Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace h5tracks::codec {

constexpr std::size_t kShortestMatch = 3;
constexpr std::size_t kLongestMatch = 258;
constexpr std::size_t kLengths = kLongestMatch - kShortestMatch + 1;

// In bytes; 0: never matched.
using Distances = std::array<std::size_t, 2>;

// A byte as it is (below 256), or a match: so many bytes are those of one of the distances before. All in one number,
// so that what is done with tokens needs no branches, which no processor could predict.
using Token = std::uint16_t;
constexpr std::size_t kTokens = 256 + 2 * kLengths;
constexpr Token match_token(std::size_t length, std::size_t which) {
  return static_cast<Token>(256 + which * kLengths + length - kShortestMatch);
}

// How much there is to be matched, told from a sample.
struct Matchable {
  float matches = 0;
  float bytes = 0;
};
struct Survey {
  Matchable near;  // by the first distance alone
  Matchable both;
};
Survey survey_matches(const unsigned char* bytes, std::size_t count, const Distances& distances);

// Of a MatchFinder; good until it is asked again.
struct Tokens {
  const Token* begin = nullptr;
  const Token* end = nullptr;
};

class MatchFinder {
 public:
  // All the bytes as tokens. A match at a distance is at least so long: 3 … 16, the second not below the first.
  Tokens tokens(const unsigned char* bytes, std::size_t count, const Distances& distances,
                const std::array<std::size_t, 2>& least);
  // So many bytes, at least 3, as matches at the first distance.
  Tokens one_match(std::size_t length);

 private:
  template <bool Both>
  Tokens find(const unsigned char* bytes, std::size_t count, const Distances& distances,
              const std::array<std::size_t, 2>& least);

  // Bit i belongs to byte i.
  using Bits = std::vector<unsigned char>;

  std::array<Bits, 2> equal_;  // to the byte a distance before
  Bits begins_;                // a match that is long enough
  std::vector<Token> tokens_;
};

}  // namespace h5tracks::codec
