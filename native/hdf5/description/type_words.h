// The words for what HDF5 has numbers for.
#pragma once

#include <iterator>
#include <string>

#include "hdf5/core/call.h"
#include "hdf5/core/error_stack.h"

namespace h5tracks::hdf5 {

template <typename Number>
struct Word {
  Number number;
  const char* word;
};

// An int, for a damaged file may say what the enumeration has not.
template <typename Number, std::size_t N>
const char* word_of(const Word<Number> (&words)[N], int number) {
  for (const auto& entry : words) {
    if (static_cast<int>(entry.number) == number) return entry.word;
  }
  throw Error("ERR_UNSUPPORTED_TYPE",
              "HDF5 says " + std::to_string(number) + " where it has " + words[0].word + " and the like");
}

template <typename Number, std::size_t N>
Number number_of(const Word<Number> (&words)[N], const std::string& word) {
  for (const auto& entry : words) {
    if (word == entry.word) return entry.number;
  }
  throw Error("ERR_INVALID_ARGUMENT", "'" + word + "' is not '" + words[0].word + "' or the like");
}

inline constexpr Word<H5T_order_t> kOrders[] = {
    {H5T_ORDER_LE, "little"}, {H5T_ORDER_BE, "big"}, {H5T_ORDER_VAX, "vax"}};
inline constexpr Word<H5T_pad_t> kPads[] = {
    {H5T_PAD_ZERO, "zero"}, {H5T_PAD_ONE, "one"}, {H5T_PAD_BACKGROUND, "background"}};
inline constexpr Word<H5T_norm_t> kNorms[] = {
    {H5T_NORM_IMPLIED, "implied"}, {H5T_NORM_MSBSET, "msbset"}, {H5T_NORM_NONE, "none"}};
inline constexpr Word<H5T_str_t> kStringPads[] = {
    {H5T_STR_NULLTERM, "null-terminated"}, {H5T_STR_NULLPAD, "null-padded"}, {H5T_STR_SPACEPAD, "space-padded"}};
inline constexpr Word<H5T_cset_t> kCharsets[] = {{H5T_CSET_ASCII, "ascii"}, {H5T_CSET_UTF8, "utf-8"}};

}  // namespace h5tracks::hdf5
