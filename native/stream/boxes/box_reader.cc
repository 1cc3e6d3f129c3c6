#include "stream/boxes/box_reader.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

#include "hdf5/core/lock.h"
#include "hdf5/remote/remote_bytes.h"
#include "stream/boxes/byte_swap.h"
#include "system/memory.h"
#include "system/process/per_thread.h"
#include "system/scratch.h"

namespace h5tracks::stream {

namespace {

using Chunks = StoredDataset::Chunks;

// Deflate expands a byte to at most this many; a chunk that claims more is damaged.
constexpr std::size_t kLargestRatio = 1032;
// Copying more than this would block the calling thread noticeably.
constexpr std::size_t kSmallWindow = std::size_t{1} << 20;

void refuse_unstored(const ReadRequest& request) {
  const hdf5::Dataset& dataset = *request.from->dataset;
  const auto runs = dataset.unstored_rows(request.box.start.at(0), request.box.start.at(0) + request.box.count.at(0));
  if (runs.empty()) return;
  const std::string first = std::to_string(runs.front().first), last = std::to_string(runs.front().end - 1);
  const std::string frames = first == last ? "frame " + first : "frames " + first + " to " + last;
  throw Error("ERR_FORMAT", "'" + dataset.path + "' of '" + dataset.file_path + "' has no values for " + frames +
                                ": they were never written; h5tracks check says what else is missing");
}

void read_by_hdf5(const ReadRequest& request, const hdf5::Box& box, const hdf5::MemoryPlace& place) {
  const hdf5::Lock lock;
  request.from->dataset->read(request.from->memory_layout, box, place, request.out);
}

struct Now {
  hdf5::Shape shape;
  std::uint64_t change_count;
};

// The dataset's shape and change count now. Throws if the box is not within the shape.
Now look_at(const ReadRequest& request) {
  const hdf5::Lock lock;
  Now now{request.from->dataset->extents(), *request.from->change_count};
  request.box.check(now.shape, request.from->dataset->path);
  return now;
}

// A request whose chunks are decoded by our own code.
struct ChunkedRead {
  ChunkedRead(const ReadRequest& request, Now now)
      : request(request),
        chunks(*request.from->chunks),
        walk(chunks.shape, request.from->memory_layout.size, request.box),
        shape(std::move(now.shape)),
        change_count(now.change_count) {}

  const ReadRequest request;
  const Chunks& chunks;
  const ChunkWalk walk;
  // As of the same moment. A chunk that is cached with this count is not found after a later change.
  const hdf5::Shape shape;
  const std::uint64_t change_count;
};

// A thread's buffers, which it reuses so that they stay in its core's caches.
struct Workbench {
  hdf5::StoredBytes stored;
  codec::Bytes values;
  struct Pending {
    Part part;
    std::optional<hdf5::StoredChunk> stored;
  };
  std::vector<Pending> pending;

  void tidy() {
    pending.clear();
    stored.size = 0;
    if (stored.room > system::kMostScratch) stored = {};
    system::shrink_scratch(values);
  }
};

// Decodes the whole chunk without the byte swap. False: HDF5 must read it.
bool decode(const ChunkedRead& read, const Workbench& bench, const hdf5::StoredChunk& stored, unsigned char* values) {
  const codec::Pipeline& filters = read.chunks.filters;
  const unsigned char* bytes = bench.stored.bytes.get() + stored.at;
  if (stored.skipped == 0) return filters.decode(bytes, stored.size, values, read.chunks.bytes);
  return filters.without(stored.skipped).decode(bytes, stored.size, values, read.chunks.bytes);
}

void finish_chunk(const ChunkedRead& read, Workbench& bench, const Workbench::Pending& pending) {
  const ReadRequest& request = read.request;
  const Part& part = pending.part;
  const auto leave_to_hdf5 = [&] { read_by_hdf5(request, read.walk.box_of(part), read.walk.memory_place_of(part)); };
  if (!pending.stored) {
    if (request.stored_only) refuse_unstored(request);
    return leave_to_hdf5();
  }
  const std::size_t bytes = read.chunks.bytes, swapped = *request.from->memory_layout.swapped;
  const bool whole = read.walk.is_whole(part, read.shape);
  const bool inside = std::equal(read.chunks.shape.begin(), read.chunks.shape.end(), part.count.begin());
  // HDF5 reports best what is wrong with a damaged chunk, and alone reads edge chunks that are stored unfiltered.
  if (bytes / kLargestRatio > pending.stored->size || (!read.chunks.filtered_edges && !inside)) return leave_to_hdf5();
  if (inside && read.walk.is_run(part)) {
    unsigned char* out = request.out + read.walk.byte_in_box(part);
    if (!decode(read, bench, *pending.stored, out)) return leave_to_hdf5();
    return swap_bytes(out, bytes, swapped);
  }
  const bool is_cacheable = !whole && bytes <= request.from->cache->capacity();
  std::shared_ptr<DecodedChunk> cached;
  if (is_cacheable) cached = std::make_shared<DecodedChunk>();
  codec::Bytes& values = is_cacheable ? cached->values : bench.values;
  if (values.size() < bytes) values.resize(bytes);
  if (!decode(read, bench, *pending.stored, values.data())) return leave_to_hdf5();
  swap_bytes(values.data(), bytes, swapped);
  read.walk.to_box(part, values.data(), request.out);
  if (!is_cacheable) return;
  for (std::size_t i = 0; i < read.shape.size(); ++i) cached->there[i] = read.shape[i] - part.origin[i];
  cached->change_count = read.change_count;
  request.from->cache->insert(*request.from->dataset, read.shape.size(), part.origin, std::move(cached));
}

void read_share(const ChunkedRead& read, const ChunkWork::Share& share) {
  auto& bench = system::per_thread<Workbench>();
  const StoredDataset& from = *read.request.from;
  const std::uint64_t change_count = *from.change_count;
  for (hsize_t number = share.begin; number < share.end; ++number) {
    Workbench::Pending& next = bench.pending.emplace_back();
    read.walk.part(number, next.part);
    const auto cached = from.cache->find(*from.dataset, read.shape.size(), next.part, read.request.box, change_count);
    if (!cached) continue;
    read.walk.to_box(next.part, cached->values.data(), read.request.out);
    bench.pending.pop_back();
  }
  try {
    if (!bench.pending.empty()) {
      const hdf5::Lock lock;
      for (auto& next : bench.pending) next.stored = from.dataset->read_chunk(next.part.origin.data(), bench.stored);
    }
    for (const auto& next : bench.pending) finish_chunk(read, bench, next);
    bench.tidy();
  } catch (Error& error) {
    bench.tidy();
    error.name_file(from.dataset->file_path);
    throw;
  }
}

// Reports ERR_NOT_FETCHED instead of any other outcome if bytes of a remote file were missing.
Done watched(const std::vector<ReadRequest>& requests, Done done) {
  if (requests.empty() || !requests.front().from->dataset->remote()) return done;
  const hdf5::Dataset& dataset = *requests.front().from->dataset;
  return [watch = hdf5::MissWatch(dataset.remote()), path = dataset.file_path,
          done = std::move(done)](const std::optional<Error>& failure) {
    std::optional<Error> first = failure;
    try {
      watch.check(path);
    } catch (const Error& error) {
      first = error;
    }
    done(first);
  };
}

bool has_chunks(const ReadRequest& request) {
  return request.from->chunks && request.box.start.size() == request.from->chunks->shape.size();
}

}  // namespace

bool read_rows_from_cache(const std::vector<RowsOf>& datasets, hsize_t first, hsize_t end) {
  std::size_t room = kSmallWindow;
  for (const auto& [dataset, out] : datasets) {
    const StoredDataset& from = *dataset;
    if (from.row_bytes == 0 || !from.dataset->is_open() || first >= end) return false;
    if (end - first > room / from.row_bytes) return false;
    room -= (end - first) * from.row_bytes;
    const hsize_t rows = from.chunks->shape[0];
    unsigned char* to = out;
    for (hsize_t row = first; row < end;) {
      const hsize_t origin = row / rows * rows, stop = std::min(end, origin + rows);
      const auto chunk = from.cache->find_rows(*from.dataset, from.shape, origin, stop, *from.change_count);
      if (!chunk) return false;
      const std::size_t bytes = (stop - row) * from.row_bytes;
      std::memcpy(to, chunk->values.data() + (row - origin) * from.row_bytes, bytes);
      to += bytes;
      row = stop;
    }
  }
  return true;
}

bool read_from_cache(const std::vector<ReadRequest>& requests) {
  std::vector<std::shared_ptr<const DecodedChunk>> found;
  std::size_t bytes = 0;
  Part part;
  for (const ReadRequest& request : requests) {
    const StoredDataset& from = *request.from;
    const hsize_t elements = request.box.elements();
    if (!has_chunks(request) || !from.dataset->is_open() || elements == 0) return false;
    if (elements > (kSmallWindow - bytes) / from.memory_layout.size) return false;
    bytes += elements * from.memory_layout.size;
    const std::uint64_t change_count = *from.change_count;
    const ChunkWalk walk(from.chunks->shape, from.memory_layout.size, request.box);
    for (hsize_t number = 0; number < walk.chunks(); ++number) {
      walk.part(number, part);
      found.push_back(from.cache->find(*from.dataset, request.box.start.size(), part, request.box, change_count));
      if (!found.back()) return false;
    }
  }
  auto chunk = found.begin();
  for (const ReadRequest& request : requests) {
    const ChunkWalk walk(request.from->chunks->shape, request.from->memory_layout.size, request.box);
    for (hsize_t number = 0; number < walk.chunks(); ++number) {
      walk.part(number, part);
      walk.to_box(part, (*chunk++)->values.data(), request.out);
    }
  }
  return true;
}

void read_all(std::vector<ReadRequest> requests, Done done, Caller caller) {
  const auto reads = std::make_shared<std::vector<ChunkedRead>>();
  reads->reserve(requests.size());
  const auto step = [reads](const ChunkWork::Share& share) { read_share((*reads)[share.box], share); };
  const auto work = std::make_shared<ChunkWork>(step, watched(requests, std::move(done)));
  for (const ReadRequest& request : requests) {
    try {
      Now now = look_at(request);
      const hsize_t elements = request.box.elements();
      if (elements == 0) continue;
      system::prefer_large_pages(request.out, elements * request.from->memory_layout.size);
      if (has_chunks(request)) {
        reads->emplace_back(request, std::move(now));
        work->add(reads->size() - 1, reads->back().walk.chunks(), reads->back().chunks.bytes);
      } else {
        if (request.stored_only) refuse_unstored(request);
        read_by_hdf5(request, request.box, hdf5::MemoryPlace::of(request.box));
      }
    } catch (Error& error) {
      error.name_file(request.from->dataset->file_path);
      work->fail(error);
    } catch (const std::bad_alloc&) {
      work->fail(Error("ENOMEM", "not enough memory to read"));
    }
  }
  work->start(caller);
}

}  // namespace h5tracks::stream
