// The geometry of boxes and chunks: which chunks a box touches, and which of their elements it selects; copies those.
// Knows neither HDF5's library nor threads.
#pragma once

#include <array>
#include <cstddef>

#include "hdf5/dataset/box.h"

namespace h5tracks::stream {

using Extents = std::array<hsize_t, H5S_MAX_RANK>;

// The elements of a box that lie in one chunk.
struct Part {
  Extents origin;  // of the chunk, in the dataset
  Extents first;   // the first selected element, relative to the chunk's origin; the others follow at the box's stride
  Extents at;      // index of the first selected element in the box
  Extents count;
};

class ChunkWalk {
 public:
  // `box` must not be empty, and its rank must be at least 1.
  ChunkWalk(const hdf5::Shape& chunk, std::size_t element_bytes, const hdf5::Box& box);

  // The number of chunks that contain elements of the box.
  hsize_t chunks() const { return chunks_; }
  // `number` counts in the order of the dataset: the last axis varies fastest.
  void part(hsize_t number, Part& part) const;

  // How many chunks the box covers completely, in the sense of is_whole.
  hsize_t whole_chunks(const hdf5::Shape& shape) const;
  // Whether the part includes all of the chunk's elements that are within a dataset of this shape.
  bool is_whole(const Part& part, const hdf5::Shape& shape) const;
  // Whether the chunk's values are contiguous in the box's memory, at byte_in_box().
  bool is_run(const Part& part) const;
  std::size_t byte_in_box(const Part& part) const;

  // `values` are those of the chunk, `box` those of the whole box, in row-major order.
  void to_box(const Part& part, const unsigned char* values, unsigned char* box) const;
  void to_chunk(const Part& part, const unsigned char* box, unsigned char* values) const;
  // The part as a box of the dataset.
  hdf5::Box box_of(const Part& part) const;
  hdf5::MemoryPlace memory_place_of(const Part& part) const;

 private:
  struct Axis {
    hsize_t chunk, start, stride, count;
    hsize_t parts;                           // number of chunks that contain elements of the box
    std::size_t element_step;                // bytes from one element of the chunk to the next
    std::size_t step_in_chunk, step_in_box;  // bytes from one selected element to the next
  };
  template <typename Copy>
  void for_each_run(const Part& part, Copy copy) const;

  std::size_t rank_, element_bytes_;
  std::array<Axis, H5S_MAX_RANK> axes_;
  hsize_t chunks_ = 1;
};

}  // namespace h5tracks::stream
