#include "stream/boxes/box_writer.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "hdf5/core/lock.h"
#include "stream/boxes/byte_swap.h"
#include "stream/threads/in_order.h"
#include "system/process/per_thread.h"
#include "system/scratch.h"

namespace h5tracks::stream {

namespace {

// Bytes of encoded chunks that may wait for an earlier chunk.
constexpr std::size_t kMostWaiting = std::size_t{16} << 20;
// Partly written chunks of up to this many bytes in total are left to HDF5: its chunk cache encodes each once, even if
// several writes touch it. More would not fit into the cache.
constexpr std::size_t kHdf5Cache = std::size_t{1} << 20;
// What a chunk may add to the file besides its bytes: a node of the chunk index, and rounding by the file system.
constexpr hsize_t kIndex = 8 << 10;

struct EncodedChunk {
  Extents origin;
  codec::Bytes bytes;
};

class ChunkedWrite {
 public:
  ChunkedWrite(WriteRequest request, hdf5::Shape shape)
      : request_(std::move(request)),
        chunks_(*request_.to->chunks),
        walk_(chunks_.shape, request_.to->memory_layout.size, request_.box),
        shape_(std::move(shape)),
        whole_chunks_(walk_.whole_chunks(shape_)),
        cached_((walk_.chunks() - whole_chunks_) <= kHdf5Cache / std::max<std::size_t>(chunks_.bytes, 1)),
        in_order_(kMostWaiting, [this](auto& made) { commit(made); }) {}

  const ChunkWalk& walk() const { return walk_; }
  std::size_t chunk_bytes() const { return chunks_.bytes; }
  const WriteRequest& request() const { return request_; }

  // There are few chunks, and the box covers each only in part.
  bool is_for_hdf5() const { return whole_chunks_ == 0 && cached_; }

  void write_share(const ChunkWork::Share& share) {
    try {
      std::vector<EncodedChunk> made;
      std::size_t bytes = 0;
      for (hsize_t number = share.begin; number < share.end; ++number) {
        if (auto chunk = encode(number)) {
          bytes += chunk->bytes.size();
          made.push_back(std::move(*chunk));
        }
      }
      in_order_.put(share.begin, share.end, std::move(made), bytes);
    } catch (Error& error) {
      in_order_.stop();
      error.name_file(request_.file->path);
      throw;
    } catch (...) {
      in_order_.stop();
      throw;
    }
  }

 private:
  // None: HDF5 wrote the chunk.
  std::optional<EncodedChunk> encode(hsize_t number) {
    // The thread reuses this buffer for the next chunk, so that it stays in its core's caches.
    auto& values = system::per_thread<codec::Bytes, struct WriterValues>();
    Part part;
    walk_.part(number, part);
    const std::size_t swapped = *request_.to->memory_layout.swapped;
    if (values.size() != chunks_.bytes) values.resize(chunks_.bytes);
    const bool inside = std::equal(chunks_.shape.begin(), chunks_.shape.end(), part.count.begin());
    const bool straight = inside && swapped == 0 && walk_.is_run(part);
    if (!inside && !begin_with_rest(part, values)) {
      const hdf5::Lock lock;
      request_.to->dataset->write(request_.to->memory_layout, walk_.box_of(part), walk_.memory_place_of(part),
                                  request_.in);
      return std::nullopt;
    }
    const unsigned char* from = request_.in + walk_.byte_in_box(part);
    if (!straight) {
      walk_.to_chunk(part, request_.in, values.data());
      swap_bytes(values.data(), values.size(), swapped);
      from = values.data();
    }
    EncodedChunk made{part.origin, chunks_.encoder->encode(from, chunks_.bytes)};
    system::shrink_scratch(values);
    return made;
  }

  // Fills the buffer with the chunk's values outside the box. False: HDF5 must do it.
  bool begin_with_rest(const Part& part, codec::Bytes& values) const {
    if (!walk_.is_whole(part, shape_)) {
      if (cached_) return false;
      hdf5::StoredBytes stored;
      std::optional<hdf5::StoredChunk> chunk;
      {
        const hdf5::Lock lock;
        chunk = request_.to->dataset->read_chunk(part.origin.data(), stored);
      }
      if (chunk) {
        if (chunk->skipped != 0) return false;
        if (!chunks_.filters.decode(stored.bytes.get() + chunk->at, chunk->size, values.data(), values.size())) {
          return false;
        }
        swap_bytes(values.data(), values.size(), *request_.to->memory_layout.swapped);
        return true;
      }
    }
    const std::vector<unsigned char>& fill = request_.to->fill();
    std::memcpy(values.data(), fill.data(), fill.size());
    // Doubles the filled part in each step.
    for (std::size_t done = fill.size(); done < values.size(); done *= 2) {
      std::memcpy(values.data() + done, values.data(), std::min(done, values.size() - done));
    }
    return true;
  }

  void commit(const std::vector<EncodedChunk>& made) const {
    if (made.empty()) return;
    hsize_t room = 0;
    for (const EncodedChunk& chunk : made) room += chunk.bytes.size() + kIndex;
    const hdf5::Lock lock;
    // A full disk shows here, before HDF5 frees a chunk in order to write the new one in its place.
    request_.file->reserve_locked(room);
    for (const EncodedChunk& chunk : made) {
      request_.to->dataset->write_chunk_at(chunk.origin.data(), chunk.bytes.data(), chunk.bytes.size());
    }
  }

  const WriteRequest request_;
  const StoredDataset::Chunks& chunks_;
  const ChunkWalk walk_;
  const hdf5::Shape shape_;  // of the dataset
  const hsize_t whole_chunks_;
  const bool cached_;  // partly written chunks are left to HDF5's chunk cache
  InOrder<EncodedChunk> in_order_;
};

void write_by_hdf5(const WriteRequest& request) {
  const hdf5::Lock lock;
  request.to->dataset->write(request.to->memory_layout, request.box, hdf5::MemoryPlace::of(request.box), request.in);
}

// Null: HDF5 wrote the box, or it is empty.
std::shared_ptr<ChunkedWrite> begin(WriteRequest request) {
  hdf5::Shape shape;
  {
    const hdf5::Lock lock;
    shape = request.to->dataset->extents();
  }
  request.box.check(shape, request.to->dataset->path);
  if (request.box.elements() == 0) return nullptr;
  const auto& chunks = request.to->chunks;
  if (chunks && !chunks->filters.steps().empty() && chunks->filtered_edges) {
    auto write = std::make_shared<ChunkedWrite>(request, std::move(shape));
    if (!write->is_for_hdf5()) return write;
  }
  write_by_hdf5(request);
  return nullptr;
}

}  // namespace

void write_all(WriteRequest request, Done done, Caller caller) {
  std::shared_ptr<ChunkedWrite> write;
  try {
    write = begin(std::move(request));
  } catch (Error& error) {
    return done(error);
  } catch (const std::bad_alloc&) {
    return done(Error("ENOMEM", "not enough memory to write"));
  }
  if (!write) return done(std::nullopt);
  const auto over = [write, done = std::move(done)](const std::optional<Error>& failure) {
    std::optional<Error> first = failure;
    try {
      const hdf5::Lock lock;
      write->request().to->dataset->changed();
    } catch (const Error& error) {
      if (!first) first = error;
    }
    done(first);
  };
  const auto work =
      std::make_shared<ChunkWork>([write](const ChunkWork::Share& share) { write->write_share(share); }, over);
  work->add(0, write->walk().chunks(), write->chunk_bytes());
  work->start(caller);
}

}  // namespace h5tracks::stream
