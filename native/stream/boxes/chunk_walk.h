// The geometry of boxes and chunks: the chunks that a box touches, the elements that it takes of each, and their
// copying. Knows neither HDF5's library nor threads.
#pragma once

#include <array>
#include <cstddef>

#include "hdf5/dataset/box.h"

namespace h5tracks::stream {

using Extents = std::array<hsize_t, H5S_MAX_RANK>;

// What one chunk has of a box.
struct Part {
  Extents origin;  // of the chunk, in the dataset
  Extents first;   // element taken, from the chunk's origin; further ones are the box's stride apart
  Extents at;      // where that one comes in the box
  Extents count;
};

class ChunkWalk {
 public:
  // `box` has elements, and a rank of at least 1.
  ChunkWalk(const hdf5::Shape& chunk, std::size_t element_bytes, const hdf5::Box& box);

  // Chunks that have at least one element of the box.
  hsize_t chunks() const { return chunks_; }
  // By number, in the order in which chunks stand in the dataset: the last axis runs fastest.
  void part(hsize_t number, Part& part) const;

  // How many of the chunks the box takes whole, as is_whole says.
  hsize_t whole_chunks(const hdf5::Shape& shape) const;
  // All of the chunk's elements that are within a dataset of this shape.
  bool is_whole(const Part& part, const hdf5::Shape& shape) const;
  // The whole chunk is one run of the box's elements in memory, beginning at this byte.
  bool is_run(const Part& part) const;
  std::size_t byte_in_box(const Part& part) const;

  // `values` are the chunk's, `box` the whole box's, in row-major order.
  void to_box(const Part& part, const unsigned char* values, unsigned char* box) const;
  void to_chunk(const Part& part, const unsigned char* box, unsigned char* values) const;
  // The part as a box of the dataset.
  hdf5::Box box_of(const Part& part) const;
  hdf5::MemoryPlace memory_place_of(const Part& part) const;

 private:
  struct Axis {
    hsize_t chunk, start, stride, count;
    hsize_t parts;                           // chunks with elements of the box
    std::size_t element_step;                // bytes from one element of the chunk to the next
    std::size_t step_in_chunk, step_in_box;  // and from one of the box to the next
  };
  template <typename Copy>
  void for_each_run(const Part& part, Copy copy) const;

  std::size_t rank_, element_bytes_;
  std::array<Axis, H5S_MAX_RANK> axes_;
  hsize_t chunks_ = 1;
};

}  // namespace h5tracks::stream
