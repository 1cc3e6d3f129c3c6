// Length-limited canonical Huffman codes as RFC 1951 (3.2.2) defines them. Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace h5tracks::codec {

struct Code {
  std::uint16_t bits;  // the first bit to send is the lowest
  std::uint16_t length;
};

// Makes a code for `count` <= 288 symbols in which no code word is longer than `longest`. Symbols that do not occur get
// length 0. The code is always complete: if fewer than two symbols occur, others get a length too, because some
// inflaters refuse an incomplete code. The sum of the frequencies must be less than 2^17.
void make_code(const std::uint32_t* frequencies, std::size_t count, unsigned longest, Code* code);

// Computes `bits` of each code word from the lengths.
void assign_bits(std::size_t count, Code* code);

}  // namespace h5tracks::codec
