// Estimates the encoded size of bytes before they are encoded. Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "codec/deflate/matches.h"

namespace h5tracks::codec {

// Counts how often each byte value occurs.
void count_bytes(const unsigned char* bytes, std::size_t count, std::uint32_t* counts);

// Estimates the same from a sample.
void sample_bytes(const unsigned char* bytes, std::size_t count, std::uint32_t* counts);

// Estimates the bits of a Huffman code for these bytes if some of them become matches, each of which takes `match_bits`
// besides its symbol.
float expected_bits(const std::uint32_t* counts, const Matchable& matched, float match_bits);

}  // namespace h5tracks::codec
