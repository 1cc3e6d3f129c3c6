// Our inflater, zlib and libdeflate agree about any bytes, as a zlib stream and as bare DEFLATE data.
#include <cstdio>
#include <cstdlib>

#include "inflate_oracle.h"

namespace {

constexpr std::size_t kMost = std::size_t{1} << 16;

void expect_same(const h5tracks::test::Bytes& stream, std::size_t bytes) {
  const std::string difference = h5tracks::test::difference(stream, bytes);
  if (difference.empty()) return;
  std::fprintf(stderr, "%zu bytes expected: %s\n", bytes, difference.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace h5tracks::test;
  const Bytes bytes(data, data + size);
  expect_same(bytes, ask_zlib(data, size, false, kMost).bytes.size());
  Verdict verdict;
  const Bytes stream = framed(bytes, kMost, verdict);
  expect_same(stream, verdict.bytes.size());
  return 0;
}
