// Length-limited canonical prefix codes, as RFC 1951 (3.2.2) wants them. Knows neither Node nor HDF5.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace h5tracks::codec {

struct Code {
  std::uint16_t bits;  // first bit to be sent lowest
  std::uint16_t length;
};

// The code of each of `count` <= 288 symbols, none longer than `longest`; those that never occur have length 0. Always
// a complete code: where fewer than two symbols occur, others get a length as well, because not every inflater takes
// less. The frequencies add up to less than 2^17.
void make_code(const std::uint32_t* frequencies, std::size_t count, unsigned longest, Code* code);

// The codes of such lengths.
void assign_bits(std::size_t count, Code* code);

}  // namespace h5tracks::codec
