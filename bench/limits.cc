// What the machine allows: the rates of memory and of our codec, by all cores, with nothing else to do.
//   limits FILE.h5 ROWS: the codec works on the first ROWS rows of a file of ours, whole chunks. Prints one JSON
//   object: bytes a second copied, and of memory that is touched for the first time; seconds to encode and to decode
//   the rows.
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <thread>

#include "codec/inflate/inflate.h"
#include "columns.h"

namespace {

using namespace h5tracks::bench;

constexpr std::size_t kBytes = std::size_t{256} << 20;  // much more than the caches hold
constexpr int kRounds = 5;

// The shortest of a few rounds: the least that anything else on the machine disturbed.
double seconds_by_all_cores(const std::function<void(unsigned core, unsigned cores)>& work) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (unsigned core = 0; core < cores; ++core) threads.emplace_back(work, core, cores);
    for (std::thread& thread : threads) thread.join();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

double copied_a_second() {
  std::vector<unsigned char> from(kBytes, 1), to(kBytes, 2);
  return kBytes / seconds_by_all_cores([&](unsigned core, unsigned cores) {
           const std::size_t part = kBytes / cores;
           std::memcpy(to.data() + core * part, from.data() + core * part, part);
         });
}

double touched_a_second() {
  return kBytes / seconds_by_all_cores([&](unsigned, unsigned cores) {
           const std::size_t part = kBytes / cores;
           void* memory = ::mmap(nullptr, part, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
           require(memory != MAP_FAILED, "mmap");
           ::madvise(memory, part, MADV_HUGEPAGE);
           std::memset(memory, 1, part);
           ::munmap(memory, part);
         });
}

struct Chunk {
  const Column* column;
  const unsigned char* values;
  h5tracks::codec::Bytes stored;
};

std::vector<Chunk> chunks_of(const std::vector<Column>& columns) {
  std::vector<Chunk> chunks;
  for (const Column& column : columns) {
    for (std::size_t at = 0; at < column.values.size(); at += column.chunk_bytes) {
      chunks.push_back({&column, column.values.data() + at, {}});
    }
  }
  return chunks;
}

double seconds_for_all(std::vector<Chunk>& chunks, const std::function<void(Chunk&)>& work) {
  return seconds_by_all_cores([&](unsigned core, unsigned cores) {
    for (std::size_t i = core; i < chunks.size(); i += cores) work(chunks[i]);
  });
}

void encode(Chunk& chunk) {
  const Column& column = *chunk.column;
  chunk.stored = column.filters.encode(chunk.values, column.chunk_bytes, column.effort);
}

void decode(Chunk& chunk) {
  thread_local h5tracks::codec::Bytes out;
  const Column& column = *chunk.column;
  out.resize(column.chunk_bytes);
  column.filters.decode(chunk.stored.data(), chunk.stored.size(), out.data(), out.size());
}

}  // namespace

int main(int argc, char** argv) {
  require(argc == 3, "limits FILE.h5 ROWS");
  const std::vector<Column> columns = load_columns(argv[1], std::strtoull(argv[2], nullptr, 10));
  std::vector<Chunk> chunks = chunks_of(columns);
  const double encoding = seconds_for_all(chunks, encode);
  std::printf("{\"encodeSeconds\": %.9f, \"decodeSeconds\": %.9f, \"copied\": %.0f, \"touched\": %.0f}\n", encoding,
              seconds_for_all(chunks, decode), copied_a_second(), touched_a_second());
}
