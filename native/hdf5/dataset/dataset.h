// An open dataset: its properties, reads and writes of boxes, and whole encoded chunks. Methods take the Lock
// themselves unless they say otherwise.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hdf5/dataset/box.h"
#include "hdf5/dataset/change_count.h"
#include "hdf5/dataset/chunk_list.h"
#include "hdf5/dataset/storage.h"
#include "hdf5/file/file.h"
#include "hdf5/remote/remote_bytes.h"
#include "hdf5/type/element.h"
#include "hdf5/type/memory_layout.h"

namespace h5tracks::hdf5 {

struct RowRange {
  hsize_t first, end;
};

struct DatasetInfo {
  TypeInfo type;
  std::optional<Shape> shape, max_shape;  // none: a null dataspace; max_shape may contain H5S_UNLIMITED
  std::optional<Shape> chunks;
  std::vector<FilterInfo> filters;
};

// Stored bytes of several chunks, one after the other, in memory that is reused and not initialised.
struct StoredBytes {
  std::unique_ptr<unsigned char[]> bytes;
  std::size_t size = 0, room = 0;

  // Appends `count` bytes and returns where they begin.
  unsigned char* more(std::size_t count);
};

// Whether a reader in this process gets the filter mask of the chunk that was written last. Stock HDF5 forgets it.
#ifdef H5TRACKS_HDF5_KEEPS_MASKS
inline constexpr bool kKeepsMasks = true;
#else
inline constexpr bool kKeepsMasks = false;
#endif

// Where one chunk lies in StoredBytes, and its filter mask: a bit for each filter that was skipped.
struct StoredChunk {
  std::size_t at = 0, size = 0;
  uint32_t skipped = 0;
};

class Dataset final : public OpenPart {
 public:
  // The caller holds the Lock. `storage`: if it is already known.
  Dataset(DatasetId id, const File& file, const std::string& path, std::optional<Storage> storage = std::nullopt);
  ~Dataset() override;

  DatasetInfo info() const;
  // Reads a box into `out`: elements of type `element` in row-major order.
  void read(Element element, const Shape& start, const Shape& count, void* out) const;
  // Those of the rows `first` to `end` that have a value without a place in the file, which HDF5 reads as the fill
  // value. Ascending runs of rows.
  std::vector<RowRange> unstored_rows(hsize_t first, hsize_t end) const;
  void close();
  // Does not take the Lock.
  bool is_open() const { return open_; }

  // For the methods below, the caller holds the Lock.

  // Throws ERR_CLOSED.
  hid_t id() const;
  // For calls that need the extent or the values. Throws ERR_FORMAT if those lie in other files, which are not opened.
  hid_t values_id() const;
  // For calls that need only the extent. Throws ERR_FORMAT for a virtual dataset whose extent depends on its sources.
  hid_t extent_id() const;
  Shape extents() const;
  // Both are cached.
  const TypeInfo& type() const;
  const Storage& storage() const;
  const std::shared_ptr<ChangeCount>& change_count();
  MemoryLayout native_memory_layout() const;
  // Elements are as `layout` describes them; `place` says where they lie in memory.
  void read(const MemoryLayout& layout, const Box& box, const MemoryPlace& place, void* out) const;
  void write(const MemoryLayout& layout, const Box& box, const MemoryPlace& place, const void* in);
  // Call before writing values. Throws ERR_UNSUPPORTED_FILTER if one of the dataset's filters cannot encode here.
  void check_filters();
  // Call after values or shape were changed in another way than by `write`, even if that failed; but not after
  // appending rows.
  void changed();
  // The length of the first axis.
  hsize_t rows() const;
  void set_rows(hsize_t rows);
  // Writes a whole encoded chunk whose first element is at `offset`. HDF5 drops its cached copy of the chunk. If it
  // fails, it may be tried again.
  // `skipped`: a bit for each filter that was skipped.
  void write_chunk_at(const hsize_t* offset, const void* bytes, std::size_t size, std::uint32_t skipped = 0);
  // The same for the chunk at row `row`. Returns its address, which does not change unless the chunk is written again.
  haddr_t write_chunk(hsize_t row, const void* bytes, std::size_t size, std::uint32_t skipped = 0);
  // See list_chunks.
  std::vector<ChunkPlace> chunks() const;
  // Appends the stored bytes of the chunk whose first element is at `offset`, after flushing HDF5's cached copy. None:
  // the chunk is not stored.
  std::optional<StoredChunk> read_chunk(const hsize_t* offset, StoredBytes& into) const;
  // The fill value: one element as it is stored.
  std::vector<unsigned char> fill_bytes() const;
  void close_locked() override;

  // Null: the file is not remote.
  const std::shared_ptr<RemoteBytes>& remote() const { return remote_; }

  const std::string file_path, path;

 private:
  void forget_chunk(const hsize_t* offset) noexcept;
  bool has_all_chunks(hsize_t row, const Shape& chunk, const Shape& dims) const;

  DatasetId id_;
  const bool contained_;  // refuses values that lie in other files
  const std::shared_ptr<LateError> late_error_;
  const std::shared_ptr<RemoteBytes> remote_;
  mutable bool values_checked_ = false, extent_checked_ = false;  // whether values and extent may be read: checked once
  bool writable_ = false;                                         // whether the filters can encode: checked once
  std::atomic<bool> open_{true};
  mutable std::optional<TypeInfo> type_;
  mutable std::optional<Storage> storage_;
  std::shared_ptr<ChangeCount> change_count_;
};

}  // namespace h5tracks::hdf5
