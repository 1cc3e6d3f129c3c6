// Searches the values of one column for the first that is not allowed. The fill value is always allowed.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "hdf5/type/element.h"

namespace h5tracks::stream {

// Compared exactly with values of every type, also with those of 64-bit integers.
struct Range {
  double least, most;
};

// The values of a column.
struct Values {
  hdf5::Element type;
  const unsigned char* bytes;
  std::size_t count;
  double fill;
};

std::optional<std::size_t> first_outside(const Values& values, const Range& range);
std::optional<std::size_t> first_not_among(const Values& values, const std::vector<double>& members);
// The values form groups of `group`, each of which must be all finite or all NaN: the first value that is not finite in
// the first group that is neither. Integers are always finite.
std::optional<std::size_t> first_partial(const Values& values, std::size_t group);

}  // namespace h5tracks::stream
