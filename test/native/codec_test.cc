// zlib and libdeflate decode everything that the chunk codec encodes to the same bytes. The last line is "N passed, N
// failed", and the exit code is 0 if none failed.
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "codec/deflate/fast_deflate.h"
#include "codec/deflate/huffman.h"
#include "codec/pipeline.h"
#include "support.h"

namespace {

using h5tracks::codec::ChunkLayout;
using h5tracks::codec::Code;
using h5tracks::codec::Effort;
using h5tracks::codec::Encoder;
using h5tracks::codec::Pipeline;
using namespace h5tracks::test;

std::size_t stored_size(std::size_t bytes) { return bytes + 6 + 5 * std::max<std::size_t>(1, (bytes + 65534) / 65535); }

bool both_inflate(const Bytes& encoded, const Bytes& original) {
  Bytes out(original.size() + 1);
  std::size_t size = 0;
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  const auto in = exactly(encoded);
  if (libdeflate_zlib_decompress(decompressor.get(), in.get(), encoded.size(), out.data(), out.size(), &size) !=
          LIBDEFLATE_SUCCESS ||
      size != original.size() || !std::equal(original.begin(), original.end(), out.begin())) {
    return false;
  }
  std::fill(out.begin(), out.end(), 0);
  uLongf zlib_size = out.size();
  uLong used = encoded.size();
  return uncompress2(out.data(), &zlib_size, in.get(), &used) == Z_OK && used == encoded.size() &&
         zlib_size == original.size() && std::equal(original.begin(), original.end(), out.begin());
}

void test_one_stream(const Bytes& bytes, const ChunkLayout& layout, const std::string& what) {
  const auto in = exactly(bytes);
  const Bytes encoded = h5tracks::codec::fast_deflate(in.get(), bytes.size(), layout);
  const std::string about = what + ", " + std::to_string(bytes.size()) + " bytes, section " +
                            std::to_string(layout.section) + ", near " + std::to_string(layout.near) + ", far " +
                            std::to_string(layout.far);
  check(both_inflate(encoded, bytes), about + ": zlib and libdeflate inflate it to the original bytes");
  check(encoded.size() <= stored_size(bytes.size()), about + ": the encoded stream is not larger than stored blocks");
}

void test_stream(const Bytes& bytes, ChunkLayout layout, const std::string& what) {
  for (const bool thorough : {false, true}) {
    layout.thorough = thorough;
    test_one_stream(bytes, layout, what);
  }
}

void test_streams() {
  std::mt19937 random(1);
  const std::size_t sizes[] = {0,     1,     2,     3,     4,     15,    16,     63,     64,     65,    127,
                               255,   258,   259,   1000,  1023,  1024,  1025,   4095,   4096,   4097,  9000,
                               32768, 36000, 65534, 65535, 65536, 65537, 131070, 131071, 144000, 300001};
  for (const Kind& kind : kinds()) {
    for (const std::size_t size : sizes) {
      Bytes bytes(size);
      const std::size_t row = 1 + below(random, 200);
      kind.fill(random, bytes, row);
      test_stream(bytes, {0, 1, row}, kind.name);
      test_stream(bytes, {size / 4, 1, row}, kind.name);
    }
  }
  for (int round = 0; round < 3000; ++round) {
    const Kind& kind = kinds()[below(random, kinds().size())];
    Bytes bytes(below(random, random() % 8 == 0 ? 200000 : 6000));
    const std::size_t row = random() % 10 == 0 ? below(random, 70000) : below(random, 300);
    kind.fill(random, bytes, row);
    for (unsigned i = below(random, 4); i > 0 && !bytes.empty(); --i) {
      bytes[below(random, bytes.size())] = static_cast<unsigned char>(random());
    }
    test_stream(bytes, {below(random, bytes.size() + 2), below(random, 20), row}, kind.name);
  }
}

void test_equal_sections() {
  std::mt19937 random(2);
  for (const Kind& kind : kinds()) {
    for (const std::size_t section : {1024U, 9000U, 32768U, 36000U, 70000U}) {
      Bytes one(section);
      kind.fill(random, one, 36);
      Bytes bytes;
      for (int i = 0; i < 4; ++i) bytes.insert(bytes.end(), one.begin(), one.end());
      test_stream(bytes, {section, 1, 36}, std::string(kind.name) + ", four times");
      bytes[section] ^= 1;
      test_stream(bytes, {section, 1, 36}, std::string(kind.name) + ", three times");
    }
  }
}

void test_chunks() {
  std::mt19937 random(3);
  for (int round = 0; round < 600; ++round) {
    const std::size_t element = std::size_t{1} << below(random, 4);
    // Now and then a row longer than a match can reach.
    const std::size_t row = element * (1 + below(random, round % 20 == 0 ? 40000 : 61));
    Bytes bytes(row * below(random, round % 20 == 0 ? 5 : 300));
    const Kind& kind = kinds()[below(random, kinds().size())];
    kind.fill(random, bytes, row);
    std::optional<std::size_t> shuffled;
    std::optional<int> level;
    if (random() % 2 == 0) shuffled = element;
    if (random() % 10 != 0) level = static_cast<int>(below(random, 10));
    const Pipeline filters = Pipeline::usual(shuffled, level);
    constexpr Encoder kAll[] = {Encoder::kLibdeflate, Encoder::kFast, Encoder::kFastOrBest, Encoder::kThorough};
    const Encoder encoder = kAll[below(random, std::size(kAll))];
    const Effort effort{encoder, level.value_or(0), element, random() % 4 == 0 ? 0 : row};
    const auto in = exactly(bytes);
    const Bytes encoded = filters.encode(in.get(), bytes.size(), effort);
    Bytes back(bytes.size(), 0x55);
    const std::string about = std::string("chunk of ") + kind.name + ", " + std::to_string(bytes.size()) + " bytes";
    check(filters.decode(encoded.data(), encoded.size(), back.data(), back.size()) && back == bytes,
          about + ": decodes to the original bytes");
    if (level && !bytes.empty()) {
      const Bytes cut(encoded.begin(), encoded.end() - 1);
      check(!filters.decode(cut.data(), cut.size(), back.data(), back.size()),
            about + ": is refused when its last byte is missing");
    }
  }
}

// Chunks are smaller than with zlib's level 4, which most h5py users choose.
void test_sizes() {
  std::mt19937 random(4);
  const auto encoded_size = [](const Bytes& bytes, std::size_t element, std::size_t row) {
    const Effort effort{Encoder::kFast, 4, element, row};
    return Pipeline::usual(element, 4).encode(bytes.data(), bytes.size(), effort).size();
  };
  const auto zlib_size = [](const Bytes& bytes) {
    uLongf size = compressBound(bytes.size());
    Bytes out(size);
    compress2(out.data(), &size, bytes.data(), bytes.size(), 4);
    return size;
  };
  for (const char* name : {"boxes", "floats"}) {
    const auto& kind =
        *std::find_if(kinds().begin(), kinds().end(), [&](const Kind& k) { return !std::strcmp(k.name, name); });
    Bytes bytes(144000);
    kind.fill(random, bytes, 144);
    const std::size_t size = encoded_size(bytes, 4, 144);
    check(size <= zlib_size(bytes), std::string(name) + ": are not larger than by zlib: " + std::to_string(size) +
                                        " bytes, zlib's level 4 without shuffle " + std::to_string(zlib_size(bytes)));
  }
  // Animals that rest: most rows repeat the one before, with many different bytes.
  std::vector<std::int32_t> resting(84000);
  for (std::size_t i = 0; i < resting.size(); ++i) {
    const bool moves = i < 84 || below(random, 200) == 0;
    resting[i] = moves ? static_cast<std::int32_t>(below(random, 1900)) : resting[i - 84];
  }
  Bytes bytes(resting.size() * 4);
  std::memcpy(bytes.data(), resting.data(), bytes.size());
  const std::size_t rest = encoded_size(bytes, 4, 336);
  check(rest <= zlib_size(bytes), "resting animals: are not larger than by zlib: " + std::to_string(rest) +
                                      " bytes, zlib's level 4 without shuffle " + std::to_string(zlib_size(bytes)));
  check(encoded_size(Bytes(144000, 0xff), 4, 144) < 300, "144 kB of equal bytes encode to less than 300 bytes");
}

// Numbers of every size, rows of one and of many: what people measure. Shuffled, except for single bytes.
template <typename T>
void test_columns_of(const char* type) {
  std::mt19937 random(6);
  std::normal_distribution<double> step(0, 1.5);
  for (const std::size_t row : {1U, 5U, 34U, 85U}) {
    const std::size_t rows = 200000 / sizeof(T) / row;
    std::vector<T> pose(rows * row), constant(rows * row, T{3}), saw(rows * row);
    std::vector<double> at(row);
    for (double& x : at) x = 100 + below(random, 80);
    for (std::size_t i = 0; i < pose.size(); ++i) {
      at[i % row] += step(random);
      pose[i] = static_cast<T>(sizeof(T) == 1 ? std::clamp(at[i % row], 0.0, 255.0) : std::abs(at[i % row]));
      saw[i] = static_cast<T>(i / row % 100);
    }
    const auto size = [&](const std::vector<T>& values, Encoder encoder, int level) {
      const auto* bytes = reinterpret_cast<const unsigned char*>(values.data());
      const std::size_t count = values.size() * sizeof(T);
      const Pipeline filters = Pipeline::usual(sizeof(T) > 1 ? std::optional(sizeof(T)) : std::nullopt, level);
      const Bytes made = filters.encode(bytes, count, {encoder, level, sizeof(T), row * sizeof(T)});
      Bytes back(count);
      check(filters.decode(made.data(), made.size(), back.data(), count) && std::equal(back.begin(), back.end(), bytes),
            std::string(type) + " in rows of " + std::to_string(row) + ": decode to the original values");
      return static_cast<double>(made.size());
    };
    const Encoder ours = sizeof(T) == 1 ? Encoder::kFastOrBest : Encoder::kFast;
    const auto compare = [&](const std::vector<T>& values, const char* what, double most) {
      const double made = size(values, ours, 1), quick = size(values, Encoder::kLibdeflate, 1);
      check(made <= most * quick, std::string(type) + " in rows of " + std::to_string(row) + ", " + what + ": take " +
                                      std::to_string(made) + " bytes, by libdeflate's level 1 " +
                                      std::to_string(quick));
    };
    compare(pose, "like poses", 1.5);
    compare(constant, "all equal", 1.5);
    if (sizeof(T) == 1) compare(saw, "counting up to 100", 1.05);
  }
}

void test_columns() {
  test_columns_of<std::uint8_t>("uint8");
  test_columns_of<std::int16_t>("int16");
  test_columns_of<std::int32_t>("int32");
  test_columns_of<float>("float32");
  test_columns_of<double>("float64");
  test_columns_of<std::int64_t>("int64");
}

// The Kraft sum of a complete code is 1.
void test_huffman() {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    const std::size_t count = 2 + below(random, 287);
    const unsigned longest = (count > 128 ? 9 : 8) + below(random, 7);
    std::vector<std::uint32_t> frequencies(count);
    std::uint32_t room = 131071;
    double growth = 1;
    for (auto& frequency : frequencies) {
      frequency = std::min<std::uint32_t>(room / 2, random() % 3 == 0 ? 0 : static_cast<std::uint32_t>(growth));
      room -= frequency;
      growth = round % 2 == 0 ? std::min(1e6, growth * 1.618) : below(random, 1000);
    }
    std::vector<Code> code(count);
    h5tracks::codec::make_code(frequencies.data(), count, longest, code.data());
    std::uint64_t sum = 0;
    bool good = true;
    for (std::size_t i = 0; i < count; ++i) {
      good = good && code[i].length <= longest && (frequencies[i] == 0 || code[i].length > 0);
      if (code[i].length > 0) sum += std::uint64_t{1} << (15 - code[i].length);
    }
    check(good && sum == std::uint64_t{1} << 15, "make_code gives a complete code: " + std::to_string(count) +
                                                     " symbols, at most " + std::to_string(longest) + " bits");
  }
}

void test_threads() {
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([t, &good] {
      std::mt19937 random(static_cast<unsigned>(100 + t));
      for (int i = 0; i < 50; ++i) {
        Bytes bytes(below(random, 50000));
        kinds()[below(random, kinds().size())].fill(random, bytes, 36);
        good[t] +=
            both_inflate(h5tracks::codec::fast_deflate(bytes.data(), bytes.size(), {bytes.size() / 4, 1, 36}), bytes);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : good)
    check(count == 50, "several threads at once encode chunks that inflate to the original bytes");
}

}  // namespace

int main() {
  test_huffman();
  test_streams();
  test_equal_sections();
  test_chunks();
  test_sizes();
  test_columns();
  test_threads();
  return report();
}
