// Compares our decoding with libdeflate's on the stored chunks of a file: it loads every deflated chunk, shuffled or
// not, then decodes all of them in both ways in turn. Ours includes the choice of a decoder for a chunk without
// shuffle. Prints one JSON object: the seconds of each round.
//   decoder FILE.h5 ROUNDS
#include <hdf5.h>
#include <libdeflate.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "codec/inflate/inflate.h"
#include "codec/shuffled_deflate.h"

namespace {

using h5tracks::codec::inflate_chunk;
using h5tracks::codec::Inflater;

struct Chunk {
  std::vector<unsigned char> stored;
  std::size_t bytes;
  bool is_shuffled;
};

template <typename Result>
Result checked(Result result, const char* what) {
  if (result >= 0) return result;
  std::fprintf(stderr, "decoder: %s failed\n", what);
  std::exit(1);
}

enum class Filters { kOther, kDeflate, kShuffleDeflate };

Filters filters_of(hid_t properties) {
  const auto filter = [&](unsigned i) {
    std::size_t values = 0;
    unsigned flags = 0;
    return H5Pget_filter2(properties, i, &flags, &values, nullptr, 0, nullptr, nullptr);
  };
  if (H5Pget_layout(properties) != H5D_CHUNKED) return Filters::kOther;
  const int count = H5Pget_nfilters(properties);
  if (count == 1 && filter(0) == H5Z_FILTER_DEFLATE) return Filters::kDeflate;
  if (count != 2 || filter(0) != H5Z_FILTER_SHUFFLE || filter(1) != H5Z_FILTER_DEFLATE) return Filters::kOther;
  return Filters::kShuffleDeflate;
}

void load(hid_t dataset, std::vector<Chunk>& chunks) {
  const hid_t properties = checked(H5Dget_create_plist(dataset), "H5Dget_create_plist");
  const hid_t type = checked(H5Dget_type(dataset), "H5Dget_type");
  const Filters filters = filters_of(properties);
  if (filters != Filters::kOther) {
    const bool is_shuffled = filters == Filters::kShuffleDeflate && H5Tget_size(type) > 1;
    hsize_t edges[H5S_MAX_RANK];
    std::size_t bytes = H5Tget_size(type);
    const int rank = checked(H5Pget_chunk(properties, H5S_MAX_RANK, edges), "H5Pget_chunk");
    for (int axis = 0; axis < rank; ++axis) bytes *= edges[axis];
    hsize_t count = 0;
    checked(H5Dget_num_chunks(dataset, H5S_ALL, &count), "H5Dget_num_chunks");
    for (hsize_t i = 0; i < count; ++i) {
      hsize_t offset[H5S_MAX_RANK], size = 0;
      unsigned mask = 0;
      checked(H5Dget_chunk_info(dataset, H5S_ALL, i, offset, &mask, nullptr, &size), "H5Dget_chunk_info");
      if (mask != 0) continue;
      Chunk chunk{std::vector<unsigned char>(size), bytes, is_shuffled};
      uint32_t skipped = 0;
      checked(H5Dread_chunk(dataset, H5P_DEFAULT, offset, &skipped, chunk.stored.data()), "H5Dread_chunk");
      chunks.push_back(std::move(chunk));
    }
  }
  H5Tclose(type);
  H5Pclose(properties);
}

herr_t visit(hid_t file, const char* name, const H5O_info2_t* info, void* chunks) {
  if (info->type != H5O_TYPE_DATASET) return 0;
  const hid_t dataset = checked(H5Dopen2(file, name, H5P_DEFAULT), "H5Dopen2");
  load(dataset, *static_cast<std::vector<Chunk>*>(chunks));
  H5Dclose(dataset);
  return 0;
}

template <typename Decode>
double seconds(const std::vector<Chunk>& chunks, Decode&& decode) {
  const auto start = std::chrono::steady_clock::now();
  for (const Chunk& chunk : chunks) checked(decode(chunk) ? 0 : -1, "decoding");
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void print(const char* name, const std::vector<double>& rounds) {
  std::printf("\"%s\":[", name);
  for (std::size_t i = 0; i < rounds.size(); ++i) std::printf("%s%.9f", i ? "," : "", rounds[i]);
  std::printf("]");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: decoder FILE.h5 ROUNDS\n"), 2;
  const hid_t file = checked(H5Fopen(argv[1], H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen");
  std::vector<Chunk> chunks;
  checked(H5Ovisit3(file, H5_INDEX_NAME, H5_ITER_NATIVE, visit, &chunks, H5O_INFO_BASIC), "H5Ovisit3");
  std::size_t largest = 0, total = 0;
  for (const Chunk& chunk : chunks) largest = std::max(largest, chunk.bytes), total += chunk.bytes;
  std::vector<unsigned char> out(largest + Inflater::kSlack);
  Inflater inflater;
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  const auto by_us = [&](const Chunk& chunk) {
    if (!chunk.is_shuffled) {
      return inflate_chunk(chunk.stored.data(), chunk.stored.size(), 1, out.data(), chunk.bytes);
    }
    return inflater.inflate(chunk.stored.data(), chunk.stored.size(), out.data(), chunk.bytes, out.size());
  };
  const auto by_libdeflate = [&](const Chunk& chunk) {
    return libdeflate_zlib_decompress(decompressor, chunk.stored.data(), chunk.stored.size(), out.data(), chunk.bytes,
                                      nullptr) == LIBDEFLATE_SUCCESS;
  };
  std::vector<double> ours, theirs;
  for (int round = -1; round < std::atoi(argv[2]); ++round) {
    const double a = seconds(chunks, by_us), b = seconds(chunks, by_libdeflate);
    if (round < 0) continue;  // the first round warms the caches
    ours.push_back(a);
    theirs.push_back(b);
  }
  libdeflate_free_decompressor(decompressor);
  std::printf("{\"bytes\":%zu,\"chunks\":%zu,", total, chunks.size());
  print("ours", ours);
  std::printf(",");
  print("libdeflate", theirs);
  std::printf("}\n");
  return 0;
}
