// What some bytes would cost, told before they are encoded. Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "codec/matches.h"

namespace h5tracks::codec {

// How often each of the 256 occurs.
void count_bytes(const unsigned char* bytes, std::size_t count, std::uint32_t* counts);

// The same, about, told from a part of them.
void sample_bytes(const unsigned char* bytes, std::size_t count, std::uint32_t* counts);

// About the bits these bytes take in a Huffman code if part of them goes as matches of `match_bits` beside their
// symbol.
float expected_bits(const std::uint32_t* counts, const Matchable& matched, float match_bits);

}  // namespace h5tracks::codec
