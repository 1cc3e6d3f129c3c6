// A regular part of a dataset (a hyperslab), read and written by HDF5. Caller holds the Lock.
#pragma once

#include <string>
#include <vector>

#include "hdf5/core/handle.h"
#include "hdf5/core/shape.h"

namespace h5tracks::hdf5 {

// On each axis `count` elements from `start` on, every `stride`th.
struct Box {
  Shape start, count, stride;

  Box() = default;
  Box(Shape start, Shape count);  // every element
  Box(Shape start, Shape count, Shape stride);

  // The largest number there is where there are more.
  hsize_t elements() const;
  // Throws ERR_INVALID_ARGUMENT where it is not within a dataset of this shape; `path` is the dataset's.
  void check(const Shape& shape, const std::string& path) const;
};

// Where a box's elements stand in memory: among those of a larger array.
struct MemoryPlace {
  Shape shape, start;

  static MemoryPlace of(const Box& box);  // they are all that there is
};

// Elements of type `memory` in row-major order.
void read_box(hid_t dataset, hid_t memory, const Box& box, const MemoryPlace& place, void* out);
void write_box(hid_t dataset, hid_t memory, const Box& box, const MemoryPlace& place, const void* in);

}  // namespace h5tracks::hdf5
