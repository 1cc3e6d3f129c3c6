#include "stream/row_reader.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>

#include "hdf5/lock.h"
#include "stream/threads.h"

namespace h5tracks::stream {

namespace {

using RowChunks = ReadableDataset::RowChunks;

constexpr int kDeflate = 1, kShuffle = 2;  // H5Z_FILTER_*
// Deflate makes no more than this many bytes of one; a chunk that claims more is damaged.
constexpr std::size_t kLargestRatio = 1032;
// Copying more than this would be felt by the thread that asks.
constexpr std::size_t kSmallWindow = std::size_t{1} << 20;

std::optional<codec::ChunkFilters> filters_of(const std::vector<hdf5::FilterInfo>& filters) {
  codec::ChunkFilters known;
  for (const auto& filter : filters) {
    if (filter.id == kShuffle && !known.shuffle && !known.deflate) {
      known.shuffle = true;
    } else if (filter.id == kDeflate && !known.deflate) {
      known.deflate = filter.options.empty() ? 0 : static_cast<int>(filter.options[0]);
    } else {
      return std::nullopt;
    }
  }
  return known;
}

std::optional<RowChunks> row_chunks_of(const hdf5::DatasetInfo& info) {
  if (!info.type.element || info.type.big_endian || !info.shape || !info.chunks) return std::nullopt;
  if (!std::equal(info.chunks->begin() + 1, info.chunks->end(), info.shape->begin() + 1, info.shape->end())) {
    return std::nullopt;
  }
  const auto filters = filters_of(info.filters);
  if (!filters) return std::nullopt;
  RowChunks chunks{info.chunks->front(), info.type.size, info.type.size, *filters};
  for (std::size_t axis = 1; axis < info.shape->size(); ++axis) chunks.row_bytes *= (*info.shape)[axis];
  return chunks;
}

bool is_whole_rows(const ReadRequest& request) {
  const hdf5::Shape& shape = *request.from->info.shape;
  if (request.start.size() != shape.size() || request.count.size() != shape.size()) return false;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    if (request.start[axis] != 0 || request.count[axis] != shape[axis]) return false;
  }
  return true;
}

// The part of one chunk that a request wants.
struct Part {
  hsize_t chunk;       // its first row
  hsize_t first, end;  // rows wanted, counted from the chunk's first
  unsigned char* out;
};

template <typename Visit>
void for_each_part(const ReadRequest& request, const RowChunks& chunks, Visit visit) {
  const hsize_t stop = request.start[0] + request.count[0];
  for (hsize_t row = request.start[0]; row < stop;) {
    const hsize_t chunk = row / chunks.rows * chunks.rows;
    const hsize_t end = std::min(stop, chunk + chunks.rows);
    visit(Part{chunk, row - chunk, end - chunk, request.out + (row - request.start[0]) * chunks.row_bytes});
    row = end;
  }
}

void copy_part(const Part& part, const RowChunks& chunks, const unsigned char* values) {
  std::memcpy(part.out, values + part.first * chunks.row_bytes, (part.end - part.first) * chunks.row_bytes);
}

// One call of read_all: ends when every part is there.
struct Reading {
  explicit Reading(Done done) : done(std::move(done)) {}

  void fail(const hdf5::Error& error) {
    const std::lock_guard<std::mutex> guard(mutex);
    if (!failure) failure = error;
    failed = true;
  }
  template <typename Step>
  void attempt(const ReadRequest& request, Step step) {
    try {
      step();
    } catch (hdf5::Error& error) {
      error.name_file(request.from->dataset->file_path);
      fail(error);
    } catch (const std::bad_alloc&) {
      fail(hdf5::Error("ENOMEM", "not enough memory to read"));
    }
  }
  void finish_one() {
    if (parts_left.fetch_sub(1) == 1) done(failure);
  }

  Done done;
  std::atomic<std::size_t> parts_left{1};  // one for the thread that hands the parts out
  std::mutex mutex;
  std::optional<hdf5::Error> failure;
  std::atomic<bool> failed{false};
  const std::shared_ptr<EncodePool::Lane> lane = std::make_shared<EncodePool::Lane>();
};

void refuse_unstored(const ReadRequest& request) {
  const hdf5::Dataset& dataset = *request.from->dataset;
  const auto runs = dataset.unstored_rows(request.start.at(0), request.start.at(0) + request.count.at(0));
  if (runs.empty()) return;
  const std::string first = std::to_string(runs.front().first), last = std::to_string(runs.front().end - 1);
  const std::string frames = first == last ? "frame " + first : "frames " + first + " to " + last;
  throw hdf5::Error("ERR_FORMAT", "'" + dataset.path + "' of '" + dataset.file_path + "' has no values for " + frames +
                                      ": they were never written; h5tracks check says what else is missing");
}

void read_by_hdf5(const ReadRequest& request) {
  if (request.stored_only) refuse_unstored(request);
  if (!request.from->info.type.element) {
    throw hdf5::Error("ERR_UNSUPPORTED_TYPE",
                      "'" + request.from->dataset->path + "' has a type that no typed array holds");
  }
  request.from->dataset->read(*request.from->info.type.element, request.start, request.count, request.out);
}

// The part as a request of its own.
ReadRequest part_of(const ReadRequest& request, const Part& part) {
  ReadRequest smaller = request;
  smaller.start[0] = part.chunk + part.first;
  smaller.count[0] = part.end - part.first;
  smaller.out = part.out;
  return smaller;
}

// On a thread of the pool, which keeps the memory for stored bytes: it stays in the caches of its core.
void read_part(const ReadRequest& request, const Part& part, hsize_t rows_there) {
  const RowChunks& chunks = *request.from->row_chunks;
  thread_local hdf5::ChunkBytes stored;
  bool found;
  {
    const hdf5::Lock lock;
    found = request.from->dataset->read_chunk(part.chunk, stored);
  }
  if (!found && request.stored_only) refuse_unstored(request);
  if (!found) return read_by_hdf5(part_of(request, part));
  const std::size_t chunk_bytes = chunks.rows * chunks.row_bytes;
  const bool plausible = chunk_bytes / kLargestRatio <= stored.size;
  const auto decode = [&](unsigned char* values) {
    return plausible && codec::decode_chunk(stored.bytes.get(), stored.size, chunks.element_size, chunks.filters,
                                            values, chunk_bytes);
  };
  bool decoded;
  if (part.first == 0 && part.end == chunks.rows) {
    decoded = decode(part.out);
  } else {
    auto chunk = std::make_shared<DecodedChunk>();
    chunk->values.resize(plausible ? chunk_bytes : 0);
    chunk->rows = rows_there;
    decoded = decode(chunk->values.data());
    if (decoded) {
      copy_part(part, chunks, chunk->values.data());
      request.from->cache->insert({request.from->dataset.get(), part.chunk}, std::move(chunk));
    }
  }
  // HDF5 says best what is wrong with a chunk, or reads what only it understands.
  if (!decoded) read_by_hdf5(part_of(request, part));
}

// Fresh memory costs a fault per page when it is first filled; fewer where the pages are large.
void prefer_large_pages(unsigned char* out, std::size_t bytes) {
#ifdef __linux__
  constexpr std::size_t kLarge = std::size_t{2} << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(out) + kLarge - 1) / kLarge * kLarge;
  const auto end = (reinterpret_cast<std::uintptr_t>(out) + bytes) / kLarge * kLarge;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)out, (void)bytes;
#endif
}

hsize_t checked_rows(const ReadRequest& request) {
  const hdf5::Lock lock;
  const hsize_t rows = request.from->dataset->rows();
  const hsize_t wanted = request.start[0] + request.count[0];
  if (wanted <= rows) return rows;
  throw hdf5::Error("ERR_INVALID_ARGUMENT", "'" + request.from->dataset->path + "' has " + std::to_string(rows) +
                                                " rows, not " + std::to_string(wanted));
}

void start_request(const ReadRequest& request, const std::shared_ptr<Reading>& reading) {
  const auto& chunks = request.from->row_chunks;
  if (!chunks || !is_whole_rows(request)) return read_by_hdf5(request);
  const hsize_t rows = checked_rows(request);
  prefer_large_pages(request.out, request.count[0] * chunks->row_bytes);
  std::vector<Task> tasks;
  for_each_part(request, *chunks, [&](const Part& part) {
    const ChunkCache::Key key{request.from->dataset.get(), part.chunk};
    if (const auto cached = request.from->cache->find(key, part.end)) {
      return copy_part(part, *chunks, cached->values.data());
    }
    ++reading->parts_left;
    const hsize_t rows_there = std::min(chunks->rows, rows - part.chunk);
    tasks.push_back([request, part, reading, rows_there] {
      // Nobody gets what is read after a failure, and where thousands of chunks are missing each would be looked for.
      if (!reading->failed) reading->attempt(request, [&] { read_part(request, part, rows_there); });
      reading->finish_one();
    });
  });
  EncodePool::instance().post(reading->lane, std::move(tasks));
}

}  // namespace

ReadableDataset::ReadableDataset(std::shared_ptr<hdf5::Dataset> given, std::shared_ptr<ChunkCache> cache)
    : dataset(std::move(given)), cache(std::move(cache)), info(dataset->info()), row_chunks(row_chunks_of(info)) {}

ReadableDataset::~ReadableDataset() { cache->forget(dataset.get()); }

bool read_from_cache(const std::vector<ReadRequest>& requests) {
  std::vector<std::shared_ptr<const DecodedChunk>> found;
  std::size_t bytes = 0;
  bool all = true;
  for (const ReadRequest& request : requests) {
    const auto& chunks = request.from->row_chunks;
    if (!chunks || !is_whole_rows(request)) return false;
    for_each_part(request, *chunks, [&](const Part& part) {
      bytes += (part.end - part.first) * chunks->row_bytes;
      if (!all || bytes > kSmallWindow) {
        all = false;
        return;
      }
      found.push_back(request.from->cache->find({request.from->dataset.get(), part.chunk}, part.end));
      all = found.back() != nullptr;
    });
    if (!all) return false;
  }
  std::size_t next = 0;
  for (const ReadRequest& request : requests) {
    for_each_part(request, *request.from->row_chunks,
                  [&](const Part& part) { copy_part(part, *request.from->row_chunks, found[next++]->values.data()); });
  }
  return true;
}

void read_all(std::vector<ReadRequest> requests, Done done) {
  const auto reading = std::make_shared<Reading>(std::move(done));
  for (const ReadRequest& request : requests) {
    reading->attempt(request, [&] { start_request(request, reading); });
  }
  reading->finish_one();
}

}  // namespace h5tracks::stream
