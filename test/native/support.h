// Shared by the native tests: counted checks, exact copies, and bytes of many kinds. Depends on neither Node nor HDF5.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace h5tracks::test {

using Bytes = std::vector<unsigned char>;

inline std::atomic<int> passed{0}, failed{0};

inline bool check(bool good, const std::string& what) {
  ++(good ? passed : failed);
  if (!good) std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  return good;
}

// The program's last line and its exit code.
inline int report() {
  std::printf("%d passed, %d failed\n", passed.load(), failed.load());
  return failed == 0 ? 0 : 1;
}

// Exact copies on the heap, so that a sanitizer sees any access beyond their ends.
template <typename T>
std::unique_ptr<T[]> exactly(const std::vector<T>& values) {
  std::unique_ptr<T[]> copy(new T[values.size()]);
  std::copy(values.begin(), values.end(), copy.get());
  return copy;
}

struct Kind {
  const char* name;
  std::function<void(std::mt19937&, Bytes&, std::size_t row)> fill;
};

inline unsigned below(std::mt19937& random, std::size_t limit) { return static_cast<unsigned>(random() % limit); }

inline const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"zeros", [](std::mt19937&, Bytes& b, std::size_t) { std::fill(b.begin(), b.end(), 0); }},
      {"noise",
       [](std::mt19937& r, Bytes& b, std::size_t) {
         for (auto& x : b) x = static_cast<unsigned char>(r());
       }},
      {"two values",
       [](std::mt19937& r, Bytes& b, std::size_t) {
         for (auto& x : b) x = r() % 3 == 0 ? 0xff : 0;
       }},
      {"skewed",
       [](std::mt19937& r, Bytes& b, std::size_t) {
         // Frequencies like Fibonacci numbers make the longest codes.
         for (auto& x : b) {
           unsigned depth = 0;
           while (depth < 250 && r() % 100 < 62) ++depth;
           x = static_cast<unsigned char>(depth);
         }
       }},
      {"runs",
       [](std::mt19937& r, Bytes& b, std::size_t) {
         for (std::size_t i = 0; i < b.size();) {
           const std::size_t length = r() % 20 == 0 ? below(r, 2000) : 1 + below(r, 9);
           const auto value = static_cast<unsigned char>(below(r, 5));
           for (std::size_t k = 0; k < length && i < b.size(); ++k) b[i++] = value;
         }
       }},
      {"rows",
       [](std::mt19937& r, Bytes& b, std::size_t row) {
         const std::size_t distance = std::max<std::size_t>(row, 1);
         for (std::size_t i = 0; i < b.size(); ++i) {
           b[i] = i < distance || r() % 40 == 0 ? static_cast<unsigned char>(r()) : b[i - distance];
         }
       }},
      {"boxes",
       [](std::mt19937& r, Bytes& b, std::size_t) {
         for (std::size_t i = 0; i + 16 <= b.size(); i += 16) {
           const std::int32_t absent[4] = {-1, -1, -1, -1};
           const std::int32_t box[4] = {
               static_cast<std::int32_t>(below(r, 1600)), static_cast<std::int32_t>(below(r, 1200)),
               static_cast<std::int32_t>(15 + below(r, 40)), static_cast<std::int32_t>(15 + below(r, 40))};
           std::memcpy(&b[i], r() % 5 < 2 ? absent : box, 16);
         }
       }},
      {"floats",
       [](std::mt19937& r, Bytes& b, std::size_t) {
         float value = 100;
         for (std::size_t i = 0; i + 4 <= b.size(); i += 4) {
           value += static_cast<float>(below(r, 2000)) / 1000 - 1;
           std::memcpy(&b[i], &value, 4);
         }
       }},
      {"counting",
       [](std::mt19937&, Bytes& b, std::size_t) {
         for (std::size_t i = 0; i + 8 <= b.size(); i += 8) {
           const std::uint64_t value = i / 8;
           std::memcpy(&b[i], &value, 8);
         }
       }},
      {"patches",
       [](std::mt19937& r, Bytes& b, std::size_t row) {
         // Different kinds, one after the other.
         for (std::size_t i = 0; i < b.size();) {
           Bytes part(std::min<std::size_t>(b.size() - i, 1 + below(r, 5000)));
           kinds()[below(r, kinds().size() - 1)].fill(r, part, row);
           std::copy(part.begin(), part.end(), b.begin() + static_cast<std::ptrdiff_t>(i));
           i += part.size();
         }
       }},
  };
  return all;
}

}  // namespace h5tracks::test
