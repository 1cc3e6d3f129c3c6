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
#include <thread>
#include <vector>

#include "columns.h"

namespace {

using namespace h5tracks::bench;

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
  std::vector<Column> columns = load_columns(argv[1], distinct);
  require(frames % columns[0].chunk[0] == 0, "FRAMES are not whole chunks");

  const auto start = std::chrono::steady_clock::now();
  Writer(argv[2], columns, frames, distinct).run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("{\"seconds\": %.9f, \"codec\": \"%s\"}\n", took.count(), h5tracks::codec::codec_version());
}
