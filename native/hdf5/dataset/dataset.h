// An open dataset: its properties, reads of boxes, and writes of encoded chunks. Methods take the Lock themselves, but
// for those that say otherwise.
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
#include "hdf5/file/open_part.h"
#include "hdf5/type/element.h"
#include "hdf5/type/memory_layout.h"

namespace h5tracks::hdf5 {

struct RowRange {
  hsize_t first, end;
};

struct DatasetInfo {
  TypeInfo type;
  std::optional<Shape> shape, max_shape;  // none: a null dataspace; H5S_UNLIMITED in max_shape
  std::optional<Shape> chunks;
  std::vector<FilterInfo> filters;
};

// Stored bytes of chunks, one behind the other, in memory that is used again and filled with nothing before.
struct StoredBytes {
  std::unique_ptr<unsigned char[]> bytes;
  std::size_t size = 0, room = 0;

  // Room for so many more.
  unsigned char* more(std::size_t count);
};

// Where one chunk lies in these, and which of the filters, by their bits, were not applied to it.
struct StoredChunk {
  std::size_t at = 0, size = 0;
  uint32_t skipped = 0;
};

class Dataset final : public OpenPart {
 public:
  // Caller holds the Lock. `contained`: values that lie in other files are refused. `storage`: as far as that was
  // looked at already.
  Dataset(DatasetId id, const std::string& file_path, const std::string& path, bool contained,
          std::optional<Storage> storage = std::nullopt);
  ~Dataset() override;

  DatasetInfo info() const;
  // Fills `out`, elements of type `element` in row-major order, from the box.
  void read(Element element, const Shape& start, const Shape& count, void* out) const;
  // Of the rows from `first` to `end`, those of which at least one value has no place in the file: HDF5 makes up the
  // fill value for them. Runs of rows, ascending.
  std::vector<RowRange> unstored_rows(hsize_t first, hsize_t end) const;
  void close();
  // Takes no Lock.
  bool is_open() const { return open_; }

  // The ones below: caller holds the Lock.
  // Throws ERR_CLOSED.
  hid_t id() const;
  // To ask for its extent or values. Throws ERR_FORMAT where they lie in other files, which are not opened.
  hid_t values_id() const;
  // To ask for its extent only, which virtual datasets may have to ask their sources for.
  hid_t extent_id() const;
  Shape extents() const;
  // Looked at once, both.
  const TypeInfo& type() const;
  const Storage& storage() const;
  const std::shared_ptr<ChangeCount>& change_count();
  MemoryLayout native_memory_layout() const;
  // Elements as the layout says, from or into a box that they fill or have a place in.
  void read(const MemoryLayout& layout, const Box& box, const MemoryPlace& place, void* out) const;
  void write(const MemoryLayout& layout, const Box& box, const MemoryPlace& place, const void* in);
  // Before values are written: throws ERR_UNSUPPORTED_FILTER where its filters cannot do that here.
  void check_filters();
  // Said after values or shape were changed otherwise than by `write`, whether that went well or not; but not of rows
  // that were appended.
  void changed();
  // Length of the first axis.
  hsize_t rows() const;
  void set_rows(hsize_t rows);
  // One whole chunk as the filters would have made it, whose first element is at `offset`. What failed may be tried
  // again. HDF5 drops what it has of the chunk in its own cache.
  void write_chunk_at(const hsize_t* offset, const void* bytes, std::size_t size);
  // The same at row `row`. Gives the address in the file where the bytes lie: without other writes none of them moves
  // afterwards.
  haddr_t write_chunk(hsize_t row, const void* bytes, std::size_t size);
  // As list_chunks.
  std::vector<ChunkPlace> chunks() const;
  // Puts the stored bytes of the chunk whose first element is at `offset` behind those that are there, HDF5's cache
  // having been emptied of it. None: it is absent.
  std::optional<StoredChunk> read_chunk(const hsize_t* offset, StoredBytes& into) const;
  // One element as it is stored where nothing was written.
  std::vector<unsigned char> fill_bytes() const;
  void close_locked() override;

  const std::string file_path, path;

 private:
  void forget_chunk(const hsize_t* offset) noexcept;
  bool has_all_chunks(hsize_t row, const Shape& chunk, const Shape& dims) const;

  DatasetId id_;
  const bool contained_;
  mutable bool values_checked_ = false, extent_checked_ = false;  // its values, its extent: as far as it was asked
  bool writable_ = false;                                         // as far as its filters go
  std::atomic<bool> open_{true};
  mutable std::optional<TypeInfo> type_;
  mutable std::optional<Storage> storage_;
  std::shared_ptr<ChangeCount> change_count_;
};

}  // namespace h5tracks::hdf5
