// Compares our inflater with zlib and libdeflate. zlib decides what is valid, because HDF5 uses it. libdeflate accepts
// a little more, such as codes for symbols that do not exist. Shared by the native tests and the fuzzer.
#pragma once

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "codec/inflate/inflate.h"

namespace h5tracks::test {

using Bytes = std::vector<unsigned char>;

struct Verdict {
  bool good = false;
  Bytes bytes;           // also those before an error
  std::size_t used = 0;  // of the input
};

// zlib's verdict on a zlib stream, or on bare DEFLATE data. Output of more than `most` bytes is not good.
inline Verdict ask_zlib(const unsigned char* in, std::size_t in_bytes, bool bare, std::size_t most) {
  Verdict verdict;
  verdict.bytes.resize(most + 1);
  z_stream stream{};
  if (inflateInit2(&stream, bare ? -15 : 15) != Z_OK) throw std::bad_alloc();
  stream.next_in = const_cast<unsigned char*>(in);
  stream.avail_in = static_cast<uInt>(in_bytes);
  stream.next_out = verdict.bytes.data();
  stream.avail_out = static_cast<uInt>(verdict.bytes.size());
  verdict.good = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out <= most;
  verdict.used = in_bytes - stream.avail_in;
  verdict.bytes.resize(std::min<std::size_t>(stream.total_out, most));
  inflateEnd(&stream);
  return verdict;
}

inline bool ask_libdeflate(const unsigned char* in, std::size_t in_bytes, Bytes& out) {
  static libdeflate_decompressor* const decompressor = libdeflate_alloc_decompressor();
  return libdeflate_zlib_decompress(decompressor, in, in_bytes, out.data(), out.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

// Our inflater, in buffers of the exact sizes, so that a sanitizer sees any access beyond their ends.
inline bool ask_us(const unsigned char* in, std::size_t in_bytes, std::size_t slack, Bytes& out) {
  static const auto inflater = std::make_unique<codec::Inflater>();
  const std::unique_ptr<unsigned char[]> exact_in(new unsigned char[in_bytes]);
  std::copy_n(in, in_bytes, exact_in.get());
  const std::unique_ptr<unsigned char[]> exact_out(new unsigned char[out.size() + slack]);
  const bool good = inflater->inflate(exact_in.get(), in_bytes, exact_out.get(), out.size(), out.size() + slack);
  std::copy_n(exact_out.get(), out.size(), out.begin());
  return good;
}

// The difference between the three for a zlib stream that should hold `bytes` bytes; empty when they agree.
inline std::string difference(const Bytes& in, std::size_t bytes) {
  const Verdict zlib = ask_zlib(in.data(), in.size(), false, bytes);
  const bool good = zlib.good && zlib.bytes.size() == bytes;
  for (const std::size_t slack : {std::size_t{0}, codec::Inflater::kSlack}) {
    const std::string with = " (slack " + std::to_string(slack) + ")";
    Bytes ours(bytes);
    if (ask_us(in.data(), in.size(), slack, ours) != good)
      return (good ? "refused" : "accepted, but zlib refuses") + with;
    if (good && ours != zlib.bytes) return "not the bytes that zlib makes" + with;
  }
  Bytes other(bytes);
  const bool accepted = ask_libdeflate(in.data(), in.size(), other);
  if (good && !accepted) return "accepted, but libdeflate refuses";
  if (good && other != zlib.bytes) return "not the bytes that libdeflate makes";
  return {};
}

// DEFLATE data as a zlib stream, with the right checksum where zlib accepts the data, so that only the data decides.
inline Bytes framed(const Bytes& data, std::size_t most, Verdict& verdict) {
  verdict = ask_zlib(data.data(), data.size(), true, most);
  Bytes stream(2 + verdict.used + 4);
  stream[0] = 0x78;
  stream[1] = 0x01;
  std::copy_n(data.begin(), verdict.used, stream.begin() + 2);
  const std::uint32_t sum = libdeflate_adler32(1, verdict.bytes.data(), verdict.bytes.size());
  for (std::size_t i = 0; i < 4; ++i) stream[stream.size() - 1 - i] = static_cast<unsigned char>(sum >> (8 * i));
  return stream;
}

}  // namespace h5tracks::test
