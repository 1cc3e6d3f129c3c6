#include "stream/batches/value_checks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "stream/blocks/element_types.h"

namespace h5tracks::stream {

namespace {

// Checks run in pieces, each of which is one loop without a branch.
constexpr std::size_t kPiece = 256;

template <typename T>
struct Bounds {
  T least, most;
};

// The least number of the type that is not below `bound`. None: there is no such number.
template <typename T>
std::optional<T> at_least(double bound) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::is_integral_v<T>) {
    const double whole = std::ceil(bound);
    if (!(whole < std::ldexp(1.0, Limits::digits))) return std::nullopt;
    return whole <= static_cast<double>(Limits::lowest()) ? Limits::lowest() : static_cast<T>(whole);
  } else {
    const auto near = static_cast<T>(bound);
    return static_cast<double>(near) < bound ? std::nextafter(near, Limits::infinity()) : near;
  }
}

// The largest number of the type that is not above `bound`.
template <typename T>
std::optional<T> at_most(double bound) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::is_integral_v<T>) {
    const double whole = std::floor(bound);
    if (!(whole >= static_cast<double>(Limits::lowest()))) return std::nullopt;
    return whole >= std::ldexp(1.0, Limits::digits) ? Limits::max() : static_cast<T>(whole);
  } else {
    const auto near = static_cast<T>(bound);
    return static_cast<double>(near) > bound ? std::nextafter(near, -Limits::infinity()) : near;
  }
}

// None: no value of the type is allowed.
template <typename T>
std::optional<Bounds<T>> bounds_of(const Range& range) {
  const auto least = at_least<T>(range.least), most = at_most<T>(range.most);
  if (!least || !most || !(*least <= *most)) return std::nullopt;
  return Bounds<T>{*least, *most};
}

template <typename T>
bool equals_fill(T value, double fill) {
  if constexpr (std::is_floating_point_v<T>) {
    return value == static_cast<T>(fill) || (std::isnan(value) && std::isnan(fill));
  } else {
    return value == static_cast<T>(fill);
  }
}

// For integers, a sign bit is set for a value outside the bounds, but also for one so far inside that the difference
// wraps around.
template <typename T>
bool may_be_outside(const T* values, std::size_t count, const Bounds<T>& bounds) {
  if constexpr (std::is_integral_v<T>) {
    using Bits = std::make_unsigned_t<T>;
    Bits signs = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = static_cast<Bits>(values[i]);
      signs |= static_cast<Bits>(static_cast<Bits>(value - static_cast<Bits>(bounds.least)) |
                                 static_cast<Bits>(static_cast<Bits>(bounds.most) - value));
    }
    return signs >> (8 * sizeof(T) - 1) != 0;
  } else {
    unsigned outside = 0;
    for (std::size_t i = 0; i < count; ++i) outside |= !(values[i] >= bounds.least) | !(values[i] <= bounds.most);
    return outside != 0;
  }
}

// The index of the first value for which `is_wrong` holds. `may_be_wrong` is asked before, for whole pieces.
template <typename T, typename Quick, typename Exact>
std::optional<std::size_t> first_wrong(const T* values, std::size_t count, Quick may_be_wrong, Exact is_wrong) {
  for (std::size_t from = 0; from < count; from += kPiece) {
    const std::size_t here = std::min(kPiece, count - from);
    if (!may_be_wrong(values + from, here)) continue;
    const T* end = values + from + here;
    const T* found = std::find_if(values + from, end, is_wrong);
    if (found != end) return found - values;
  }
  return std::nullopt;
}

template <typename T>
std::optional<std::size_t> outside(const T* values, std::size_t count, const Range& range, double fill) {
  const auto bounds = bounds_of<T>(range);
  if (!bounds) {
    const T* found = std::find_if_not(values, values + count, [=](T value) { return equals_fill(value, fill); });
    return found == values + count ? std::nullopt : std::optional<std::size_t>(found - values);
  }
  const auto quick = [&](const T* piece, std::size_t here) { return may_be_outside(piece, here, *bounds); };
  return first_wrong(values, count, quick, [&](T value) {
    return !(value >= bounds->least && value <= bounds->most) && !equals_fill(value, fill);
  });
}

template <typename T>
std::optional<std::size_t> not_among(const T* values, std::size_t count, const std::vector<double>& given,
                                     double fill) {
  std::vector<T> members(given.size());
  std::transform(given.begin(), given.end(), members.begin(), [](double member) { return static_cast<T>(member); });
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  const auto is_wrong = [&](T value) {
    return !std::binary_search(members.begin(), members.end(), value) && !equals_fill(value, fill);
  };
  const Bounds<T> bounds{members.front(), members.back()};
  const bool no_gaps =
      static_cast<double>(bounds.most) - static_cast<double>(bounds.least) + 1 == static_cast<double>(members.size());
  // Within bounds without gaps, only the cheap test is needed.
  const auto quick = [&](const T* piece, std::size_t here) { return !no_gaps || may_be_outside(piece, here, bounds); };
  return first_wrong(values, count, quick, is_wrong);
}

template <typename T>
std::optional<std::size_t> partial(const T* values, std::size_t count, std::size_t group) {
  for (std::size_t from = 0; from + group <= count; from += group) {
    std::size_t finite = 0, nan = 0;
    for (std::size_t i = from; i < from + group; ++i) {
      finite += std::abs(values[i]) <= std::numeric_limits<T>::max();
      nan += values[i] != values[i];
    }
    if (finite == group || nan == group) continue;
    for (std::size_t i = from; i < from + group; ++i) {
      if (!std::isfinite(values[i])) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> first_outside(const Values& values, const Range& range) {
  return with_type(values.type, [&](auto zero) {
    using T = decltype(zero);
    return outside(reinterpret_cast<const T*>(values.bytes), values.count, range, values.fill);
  });
}

std::optional<std::size_t> first_not_among(const Values& values, const std::vector<double>& members) {
  return with_type(values.type, [&](auto zero) {
    using T = decltype(zero);
    return not_among(reinterpret_cast<const T*>(values.bytes), values.count, members, values.fill);
  });
}

std::optional<std::size_t> first_partial(const Values& values, std::size_t group) {
  return with_type(values.type, [&](auto zero) -> std::optional<std::size_t> {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) {
      return std::nullopt;
    } else {
      return partial(reinterpret_cast<const T*>(values.bytes), values.count, group);
    }
  });
}

}  // namespace h5tracks::stream
