// An open dataset: what it is, reading boxes of it, and putting finished chunks into it.
// Methods take the Lock themselves, but for those that say otherwise.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hdf5/chunk_list.h"
#include "hdf5/element.h"

namespace h5tracks::hdf5 {

using Shape = std::vector<hsize_t>;

struct RowRange {
  hsize_t first, end;
};

struct FilterInfo {
  int id = 0;
  std::string name;
  std::vector<unsigned> options;
};

struct DatasetInfo {
  TypeInfo type;
  std::optional<Shape> shape, max_shape;  // none: a null dataspace; H5S_UNLIMITED in max_shape
  std::string layout;
  std::optional<Shape> chunks;
  std::vector<FilterInfo> filters;
  hsize_t storage_size = 0;
};

struct DatasetSpec {
  std::string path;
  Element type = Element::kInt32;
  Shape shape, max_shape;
  std::optional<Shape> chunks;
  std::optional<double> fill;
  std::optional<unsigned> deflate;
  bool shuffle = false;
};

// Memory for stored bytes, to be used again. It is not filled with anything before they are there.
struct ChunkBytes {
  std::unique_ptr<unsigned char[]> bytes;
  std::size_t size = 0, room = 0;
};

// Makes the dataset under the groups that exist. Caller holds the Lock.
void create_dataset(hid_t file, const DatasetSpec& spec);

// `access` with a cache that holds at least one chunk; none where HDF5's own does. Caller holds the Lock.
PropertiesId tuned_access(hid_t dataset, PropertiesId access);

class Dataset {
 public:
  // All three: caller holds the Lock.
  static DatasetId open(hid_t file, const std::string& path, PropertiesId access);
  // `contained`: values that lie in other files are refused.
  Dataset(DatasetId id, const std::string& file_path, const std::string& path, bool contained);
  ~Dataset();

  DatasetInfo info() const;
  // Fills `out`, elements of type `element` in row-major order, from the box.
  void read(Element element, const Shape& start, const Shape& count, void* out) const;
  // Of the rows from `first` to `end`, those of which at least one value has no place in the file: HDF5 makes up the
  // fill value for them. Runs of rows, ascending.
  std::vector<RowRange> unstored_rows(hsize_t first, hsize_t end) const;
  void close();

  // The ones below: caller holds the Lock.
  hid_t id() const;
  // To ask for its extent or values. Throws ERR_FORMAT where they lie in other files, which are not opened.
  hid_t values_id() const;
  // Length of the first axis.
  hsize_t rows() const;
  void set_rows(hsize_t rows);
  // One whole chunk as the filters would have made it, at row `row`. Never mixed with ordinary writes. Gives the
  // address in the file where the bytes lie: none of them moves afterwards. What failed may be tried again.
  haddr_t write_chunk(hsize_t row, const void* bytes, std::size_t size);
  // As list_chunks.
  std::vector<ChunkPlace> chunks() const;
  // The stored bytes of the chunk that begins at row `row`. False where it is absent or a filter was left out.
  bool read_chunk(hsize_t row, ChunkBytes& into) const;
  void close_locked();

  const std::string file_path, path;

 private:
  Shape extents() const;
  void forget_chunk(hsize_t row) noexcept;
  bool has_all_chunks(hsize_t row, const Shape& chunk, const Shape& dims) const;
  DatasetId id_;
  const bool contained_;
  mutable bool here_ = false;  // its values, as far as it was asked
};

}  // namespace h5tracks::hdf5
