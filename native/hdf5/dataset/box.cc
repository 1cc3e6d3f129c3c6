#include "hdf5/dataset/box.h"

#include <algorithm>
#include <limits>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

// HDF5's description of a box: its elements in the file and in memory.
struct Spaces {
  SpaceId file, memory;

  hid_t of_file() const { return file ? file.get() : H5S_ALL; }
  hid_t of_memory() const { return memory ? memory.get() : H5S_ALL; }
};

bool is_whole(hid_t space, const Box& box) {
  Shape extents(box.count.size());
  if (call<H5Sget_simple_extent_ndims>(space) != static_cast<int>(extents.size())) return false;
  call<H5Sget_simple_extent_dims>(space, extents.data(), nullptr);
  return box.count == extents;
}

Spaces spaces_of(hid_t dataset, const Box& box, const MemoryPlace& place) {
  Spaces spaces{SpaceId(call<H5Dget_space>(dataset)), {}};
  const auto rank = static_cast<int>(box.start.size());
  if (rank == 0) {
    spaces.memory = SpaceId(call<H5Screate>(H5S_SCALAR));
    return spaces;
  }
  // Selecting everything needs no dataspaces, and HDF5 is faster without them.
  if (place.shape == box.count && is_whole(spaces.file.get(), box)) return {};
  call<H5Sselect_hyperslab>(spaces.file.get(), H5S_SELECT_SET, box.start.data(), box.stride.data(), box.count.data(),
                            nullptr);
  spaces.memory = SpaceId(call<H5Screate_simple>(rank, place.shape.data(), nullptr));
  if (place.shape != box.count) {
    call<H5Sselect_hyperslab>(spaces.memory.get(), H5S_SELECT_SET, place.start.data(), nullptr, box.count.data(),
                              nullptr);
  }
  return spaces;
}

}  // namespace

Box::Box(Shape start, Shape count) : start(std::move(start)), count(std::move(count)), stride(this->count.size(), 1) {}

Box::Box(Shape start, Shape count, Shape stride)
    : start(std::move(start)), count(std::move(count)), stride(std::move(stride)) {}

hsize_t Box::elements() const {
  if (std::find(count.begin(), count.end(), hsize_t{0}) != count.end()) return 0;
  constexpr hsize_t kMost = std::numeric_limits<hsize_t>::max();
  hsize_t elements = 1;
  for (const hsize_t n : count) elements = elements > kMost / n ? kMost : elements * n;
  return elements;
}

void Box::check(const Shape& shape, const std::string& path) const {
  const auto refuse = [&](const std::string& problem) {
    throw Error("ERR_INVALID_ARGUMENT", "dataset '" + path + "' has " + problem);
  };
  const std::size_t rank = shape.size();
  if (start.size() != rank || count.size() != rank || stride.size() != rank) {
    refuse(std::to_string(rank) + " axes, not " + std::to_string(start.size()));
  }
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (count[axis] == 0) continue;
    if (stride[axis] == 0) refuse("a selection with a stride of 0");
    // Cannot overflow.
    const bool within =
        start[axis] < shape[axis] && (count[axis] - 1) <= (shape[axis] - 1 - start[axis]) / stride[axis];
    if (within) continue;
    refuse(std::to_string(shape[axis]) + " elements on axis " + std::to_string(axis) + ", not " +
           std::to_string(count[axis]) + " from " + std::to_string(start[axis]) + " on" +
           (stride[axis] == 1 ? "" : ", every " + std::to_string(stride[axis]) + "th"));
  }
}

MemoryPlace MemoryPlace::of(const Box& box) { return {box.count, Shape(box.count.size(), 0)}; }

void read_box(hid_t dataset, hid_t memory, const Box& box, const MemoryPlace& place, void* out) {
  if (box.elements() == 0) return;
  const Spaces spaces = spaces_of(dataset, box, place);
  call<H5Dread>(dataset, memory, spaces.of_memory(), spaces.of_file(), H5P_DEFAULT, out);
}

void write_box(hid_t dataset, hid_t memory, const Box& box, const MemoryPlace& place, const void* in) {
  if (box.elements() == 0) return;
  const Spaces spaces = spaces_of(dataset, box, place);
  call<H5Dwrite>(dataset, memory, spaces.of_memory(), spaces.of_file(), H5P_DEFAULT, in);
}

}  // namespace h5tracks::hdf5
