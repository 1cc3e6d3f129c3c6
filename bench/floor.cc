// The floor: loads the first rows of a file that our writer made; then, with the clock running, all cores write a file
// with the same datasets and filters from them, each encoding chunks and committing them in turn.
//   floor TEMPLATE.h5 OUT.h5 FRAMES DISTINCT: FRAMES frames, of which DISTINCT differ, both multiples of the chunk.
#include <hdf5.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "codec/pipeline.h"

namespace {

struct Column {
  std::string path;
  hid_t type, properties;
  std::vector<hsize_t> shape, chunk;
  std::size_t element_bytes, chunk_bytes;
  h5tracks::codec::Pipeline filters;
  h5tracks::codec::Effort effort;
  std::vector<unsigned char> values;
};

void require(bool condition, const std::string& what) {
  if (condition) return;
  std::fprintf(stderr, "floor: %s\n", what.c_str());
  std::exit(1);
}

template <typename Result>
Result checked(Result result, const char* what) {
  require(result >= 0, what);
  return result;
}

// One dataset: its type, filters and chunk shape, and the values of its first `rows` rows.
Column load(hid_t file, const std::string& path, hsize_t rows) {
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
  column.filters = h5tracks::codec::Pipeline::usual(shuffled, level);
  // The default encoder of the writer, which the file does not record.
  column.effort = {h5tracks::codec::Encoder::kFast, 0, column.element_bytes, column.chunk_bytes / column.chunk[0]};
  std::vector<hsize_t> start(rank, 0), box = column.shape;
  box[0] = rows;
  column.values.resize(column.chunk_bytes / column.chunk[0] * rows);
  const hid_t memory = checked(H5Screate_simple(rank, box.data(), nullptr), "H5Screate_simple");
  checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, box.data(), nullptr),
          "H5Sselect_hyperslab");
  checked(H5Dread(dataset, column.type, memory, space, H5P_DEFAULT, column.values.data()), "H5Dread");
  return column;
}

herr_t add_dataset(hid_t file, const char* name, const H5O_info2_t* info, void* paths) {
  (void)file;
  if (info->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(paths)->push_back(name);
  return 0;
}

class Writer {
 public:
  Writer(const char* path, std::vector<Column>& columns, hsize_t frames, hsize_t distinct)
      : columns_(columns), frames_(frames), distinct_(distinct) {
    file_ = checked(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), "H5Fcreate");
    const hid_t links = checked(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate");
    checked(H5Pset_create_intermediate_group(links, 1), "H5Pset_create_intermediate_group");
    for (Column& column : columns_) {
      std::vector<hsize_t> shape = column.shape, limit = column.shape;
      shape[0] = frames;
      limit[0] = H5S_UNLIMITED;
      const hid_t space =
          checked(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), limit.data()), "space");
      datasets_.push_back(
          checked(H5Dcreate2(file_, column.path.c_str(), column.type, space, links, column.properties, H5P_DEFAULT),
                  "H5Dcreate2"));
    }
  }

  void run() {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i) threads.emplace_back([this] { work(); });
    for (std::thread& thread : threads) thread.join();
    for (hid_t dataset : datasets_) checked(H5Dclose(dataset), "H5Dclose");
    checked(H5Fclose(file_), "H5Fclose");
  }

 private:
  void work() {
    const hsize_t rows = columns_[0].chunk[0];
    const std::size_t tasks = frames_ / rows * columns_.size();
    std::vector<std::int64_t> indices(rows);
    for (std::size_t task = next_++; task < tasks; task = next_++) {
      const std::size_t i = task % columns_.size();
      const Column& column = columns_[i];
      const hsize_t first = task / columns_.size() * rows;
      const void* values = column.values.data() + first % distinct_ / rows * column.chunk_bytes;
      if (column.shape.size() == 1) {  // only frame_index, which keeps increasing
        std::iota(indices.begin(), indices.end(), static_cast<std::int64_t>(first));
        values = indices.data();
      }
      const auto bytes =
          column.filters.encode(static_cast<const unsigned char*>(values), column.chunk_bytes, column.effort);
      std::vector<hsize_t> offset(column.shape.size(), 0);
      offset[0] = first;
      const std::lock_guard<std::mutex> guard(mutex_);
      checked(H5Dwrite_chunk(datasets_[i], H5P_DEFAULT, 0, offset.data(), bytes.size(), bytes.data()),
              "H5Dwrite_chunk");
    }
  }

  std::vector<Column>& columns_;
  const hsize_t frames_, distinct_;
  hid_t file_;
  std::vector<hid_t> datasets_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;  // guards HDF5, which only one thread may use at a time
};

}  // namespace

int main(int argc, char** argv) {
  require(argc == 5, "floor TEMPLATE.h5 OUT.h5 FRAMES DISTINCT");
  const hsize_t frames = std::strtoull(argv[3], nullptr, 10), distinct = std::strtoull(argv[4], nullptr, 10);
  const hid_t template_file = checked(H5Fopen(argv[1], H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen");
  std::vector<std::string> paths;
  checked(H5Ovisit3(template_file, H5_INDEX_NAME, H5_ITER_NATIVE, add_dataset, &paths, H5O_INFO_BASIC), "H5Ovisit3");
  std::vector<Column> columns;
  for (const std::string& path : paths) columns.push_back(load(template_file, path, distinct));
  require(!columns.empty() && frames % columns[0].chunk[0] == 0, "FRAMES are not whole chunks");

  const auto start = std::chrono::steady_clock::now();
  Writer(argv[2], columns, frames, distinct).run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("{\"seconds\": %.9f, \"codec\": \"%s\"}\n", took.count(), h5tracks::codec::codec_version());
}
