// Tables that map HDF5's enumerations to words and back.
#pragma once

#include <cstddef>
#include <string>

#include "system/error.h"

namespace h5tracks::hdf5 {

template <typename Number>
struct Word {
  Number number;
  const char* word;
};

// Takes an int, because a damaged file may contain a value outside the enumeration.
template <typename Number, std::size_t N>
const char* word_of(const Word<Number> (&words)[N], int number) {
  for (const auto& entry : words) {
    if (static_cast<int>(entry.number) == number) return entry.word;
  }
  throw Error("ERR_UNSUPPORTED_TYPE", "HDF5 reports the unknown value " + std::to_string(number) +
                                          "; known ones are '" + words[0].word + "' and the like");
}

template <typename Number, std::size_t N>
Number number_of(const Word<Number> (&words)[N], const std::string& word) {
  for (const auto& entry : words) {
    if (word == entry.word) return entry.number;
  }
  throw Error("ERR_INVALID_ARGUMENT",
              "'" + word + "' is unknown here; known words are '" + words[0].word + "' and the like");
}

}  // namespace h5tracks::hdf5
