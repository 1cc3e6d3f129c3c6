// A box: a regular part of a dataset (a hyperslab). HDF5 reads and writes it. The caller holds the Lock.
#pragma once

#include <string>
#include <vector>

#include "hdf5/core/handle.h"
#include "hdf5/core/shape.h"

namespace h5tracks::hdf5 {

// On each axis, `count` elements from `start` on, `stride` apart.
struct Box {
  Shape start, count, stride;

  Box() = default;
  Box(Shape start, Shape count);  // with stride 1
  Box(Shape start, Shape count, Shape stride);

  // The number of elements, or the largest hsize_t if there are more.
  hsize_t elements() const;
  // Throws ERR_INVALID_ARGUMENT unless the box is within a dataset of this shape. `path` is the dataset's.
  void check(const Shape& shape, const std::string& path) const;
};

// Where a box's elements lie in memory: in an array that may be larger than the box.
struct MemoryPlace {
  Shape shape, start;

  static MemoryPlace of(const Box& box);  // an array of exactly these elements
};

// Elements of type `memory`, in row-major order.
void read_box(hid_t dataset, hid_t memory, const Box& box, const MemoryPlace& place, void* out);
void write_box(hid_t dataset, hid_t memory, const Box& box, const MemoryPlace& place, const void* in);

}  // namespace h5tracks::hdf5
