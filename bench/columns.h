// The datasets of a file that our writer made, for the programs of the benchmark.
#pragma once

#include <hdf5.h>

#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "codec/pipeline.h"

namespace h5tracks::bench {

struct Column {
  std::string path;
  hid_t type, properties;
  std::vector<hsize_t> shape, chunk;
  std::size_t element_bytes, chunk_bytes;
  codec::Pipeline filters;
  codec::Effort effort;
  std::vector<unsigned char> values;
};

inline void require(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(1);
}

template <typename Result>
Result checked(Result result, const char* what) {
  require(result >= 0, what);
  return result;
}

// One dataset: its type, filters and chunk shape, and the values of its first `rows` rows.
inline Column load(hid_t file, const std::string& path, hsize_t rows) {
  Column column;
  column.path = path;
  const hid_t dataset = checked(H5Dopen2(file, path.c_str(), H5P_DEFAULT), "H5Dopen2");
  column.type = checked(H5Dget_type(dataset), "H5Dget_type");
  column.properties = checked(H5Dget_create_plist(dataset), "H5Dget_create_plist");
  const hid_t space = checked(H5Dget_space(dataset), "H5Dget_space");
  const int rank = checked(H5Sget_simple_extent_ndims(space), "H5Sget_simple_extent_ndims");
  column.shape.resize(rank);
  column.chunk.resize(rank);
  checked(H5Sget_simple_extent_dims(space, column.shape.data(), nullptr), "H5Sget_simple_extent_dims");
  checked(H5Pget_chunk(column.properties, rank, column.chunk.data()), "H5Pget_chunk");
  require(column.shape[0] >= rows && rows % column.chunk[0] == 0,
          path + " has not enough rows, or they are not whole chunks");
  column.element_bytes = H5Tget_size(column.type);
  column.chunk_bytes =
      std::accumulate(column.chunk.begin(), column.chunk.end(), column.element_bytes, std::multiplies<>());
  std::optional<std::size_t> shuffled;
  std::optional<int> level;
  for (int i = 0; i < checked(H5Pget_nfilters(column.properties), "H5Pget_nfilters"); ++i) {
    unsigned flags = 0, options[8] = {};
    std::size_t count = 8;
    const H5Z_filter_t id = H5Pget_filter2(column.properties, i, &flags, &count, options, 0, nullptr, nullptr);
    require(id == H5Z_FILTER_SHUFFLE || id == H5Z_FILTER_DEFLATE, path + " has a filter that is not known here");
    if (id == H5Z_FILTER_SHUFFLE) shuffled = column.element_bytes;
    if (id == H5Z_FILTER_DEFLATE) level = static_cast<int>(options[0]);
  }
  column.filters = codec::Pipeline::usual(shuffled, level);
  // The default encoder of the writer, which the file does not record.
  column.effort = {codec::Encoder::kFast, 0, column.element_bytes, column.chunk_bytes / column.chunk[0]};
  std::vector<hsize_t> start(rank, 0), box = column.shape;
  box[0] = rows;
  column.values.resize(column.chunk_bytes / column.chunk[0] * rows);
  const hid_t memory = checked(H5Screate_simple(rank, box.data(), nullptr), "H5Screate_simple");
  checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, box.data(), nullptr),
          "H5Sselect_hyperslab");
  checked(H5Dread(dataset, column.type, memory, space, H5P_DEFAULT, column.values.data()), "H5Dread");
  return column;
}

inline herr_t add_dataset(hid_t file, const char* name, const H5O_info2_t* info, void* paths) {
  (void)file;
  if (info->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(paths)->push_back(name);
  return 0;
}

// Every dataset of the file, each with the values of its first `rows` rows.
inline std::vector<Column> load_columns(const char* path, hsize_t rows) {
  const hid_t file = checked(H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen");
  std::vector<std::string> paths;
  checked(H5Ovisit3(file, H5_INDEX_NAME, H5_ITER_NATIVE, add_dataset, &paths, H5O_INFO_BASIC), "H5Ovisit3");
  std::vector<Column> columns;
  for (const std::string& name : paths) columns.push_back(load(file, name, rows));
  require(!columns.empty(), "the file has no datasets");
  return columns;
}

}  // namespace h5tracks::bench
