#include "stream/boxes/chunk_walk.h"

#include <algorithm>
#include <cstring>

namespace h5tracks::stream {

namespace {

// Copies single elements. For the usual sizes, the compiler knows the size.
template <std::size_t Size>
void copy_each(const unsigned char* from, std::size_t from_step, unsigned char* to, std::size_t to_step,
               hsize_t count) {
  for (; count > 0; --count, from += from_step, to += to_step) std::memcpy(to, from, Size);
}

void copy_elements(const unsigned char* from, std::size_t from_step, unsigned char* to, std::size_t to_step,
                   hsize_t count, std::size_t size) {
  if (from_step == size && to_step == size) {
    std::memcpy(to, from, count * size);
    return;
  }
  switch (size) {
    case 1:
      return copy_each<1>(from, from_step, to, to_step, count);
    case 2:
      return copy_each<2>(from, from_step, to, to_step, count);
    case 4:
      return copy_each<4>(from, from_step, to, to_step, count);
    case 8:
      return copy_each<8>(from, from_step, to, to_step, count);
    default:
      for (; count > 0; --count, from += from_step, to += to_step) std::memcpy(to, from, size);
  }
}

}  // namespace

ChunkWalk::ChunkWalk(const hdf5::Shape& chunk, std::size_t element_bytes, const hdf5::Box& box)
    : rank_(chunk.size()), element_bytes_(element_bytes) {
  std::size_t in_chunk = element_bytes, in_box = element_bytes;
  for (std::size_t i = rank_; i-- > 0;) {
    Axis& axis = axes_[i];
    const hsize_t stride = box.count[i] == 1 ? 1 : box.stride[i];
    axis = {chunk[i], box.start[i], stride, box.count[i], box.count[i], in_chunk, in_chunk * stride, in_box};
    // With longer strides, no two elements are in one chunk.
    if (axis.stride < axis.chunk) {
      const hsize_t last = axis.start + (axis.count - 1) * axis.stride;
      axis.parts = last / axis.chunk - axis.start / axis.chunk + 1;
    }
    chunks_ *= axis.parts;
    in_chunk *= axis.chunk;
    in_box *= axis.count;
  }
}

void ChunkWalk::part(hsize_t number, Part& part) const {
  for (std::size_t i = rank_; i-- > 0;) {
    const Axis& axis = axes_[i];
    const hsize_t index = number % axis.parts;
    number /= axis.parts;
    if (axis.stride >= axis.chunk) {
      const hsize_t element = axis.start + index * axis.stride;
      part.origin[i] = element / axis.chunk * axis.chunk;
      part.first[i] = element - part.origin[i];
      part.at[i] = index;
      part.count[i] = 1;
      continue;
    }
    const hsize_t origin = (axis.start / axis.chunk + index) * axis.chunk;
    // The index of the first element at or after `limit`.
    const auto number_at = [&](hsize_t limit) {
      return limit <= axis.start ? 0 : std::min(axis.count, (limit - axis.start + axis.stride - 1) / axis.stride);
    };
    part.origin[i] = origin;
    part.at[i] = number_at(origin);
    part.first[i] = axis.start + part.at[i] * axis.stride - origin;
    part.count[i] = number_at(origin + axis.chunk) - part.at[i];
  }
}

hsize_t ChunkWalk::whole_chunks(const hdf5::Shape& shape) const {
  hsize_t whole = 1;
  for (std::size_t i = 0; i < rank_; ++i) {
    const Axis& axis = axes_[i];
    if (axis.chunk == 1) {
      whole *= axis.parts;
      continue;
    }
    if (axis.stride > 1) return 0;
    // All but possibly the first and the last.
    const hsize_t end = axis.start + axis.count;
    const bool first = axis.start % axis.chunk == 0, last = end % axis.chunk == 0 || end == shape[i];
    const hsize_t missing = axis.parts == 1 ? !(first && last) : !first + !last;
    whole *= axis.parts - missing;
  }
  return whole;
}

bool ChunkWalk::is_whole(const Part& part, const hdf5::Shape& shape) const {
  for (std::size_t i = 0; i < rank_; ++i) {
    const hsize_t there = std::min(axes_[i].chunk, shape[i] - part.origin[i]);
    if (part.count[i] != there) return false;
  }
  return true;
}

bool ChunkWalk::is_run(const Part& part) const {
  bool inner_axes_fill = true;
  for (std::size_t i = rank_; i-- > 0;) {
    const Axis& axis = axes_[i];
    if (part.count[i] != axis.chunk || (!inner_axes_fill && axis.chunk > 1)) return false;
    inner_axes_fill = inner_axes_fill && axis.chunk == axis.count;
  }
  return true;
}

std::size_t ChunkWalk::byte_in_box(const Part& part) const {
  std::size_t byte = 0;
  for (std::size_t i = 0; i < rank_; ++i) byte += part.at[i] * axes_[i].step_in_box;
  return byte;
}

// Calls `copy` for each run of elements of the part: its first byte in the chunk and the step there, the same in the
// box, and the number of elements.
template <typename Copy>
void ChunkWalk::for_each_run(const Part& part, Copy copy) const {
  std::size_t in_chunk = 0, in_box = byte_in_box(part);
  for (std::size_t i = 0; i < rank_; ++i) in_chunk += part.first[i] * axes_[i].element_step;
  std::size_t inner = rank_ - 1;
  while (inner > 0 && part.count[inner] == 1) --inner;
  hsize_t run = part.count[inner];
  const std::size_t chunk_step = axes_[inner].step_in_chunk, box_step = axes_[inner].step_in_box;
  // Merges an outer axis into the run if it continues without a gap in both.
  while (inner > 0 && axes_[inner - 1].step_in_chunk == run * chunk_step &&
         axes_[inner - 1].step_in_box == run * box_step) {
    run *= part.count[--inner];
  }
  Extents done{};
  for (;;) {
    copy(in_chunk, chunk_step, in_box, box_step, run);
    std::size_t i = inner;
    while (i > 0 && ++done[i - 1] == part.count[i - 1]) {
      --i;
      in_chunk -= (part.count[i] - 1) * axes_[i].step_in_chunk;
      in_box -= (part.count[i] - 1) * axes_[i].step_in_box;
      done[i] = 0;
    }
    if (i == 0) return;
    in_chunk += axes_[i - 1].step_in_chunk;
    in_box += axes_[i - 1].step_in_box;
  }
}

void ChunkWalk::to_box(const Part& part, const unsigned char* values, unsigned char* box) const {
  for_each_run(
      part, [&](std::size_t in_chunk, std::size_t chunk_step, std::size_t in_box, std::size_t box_step, hsize_t count) {
        copy_elements(values + in_chunk, chunk_step, box + in_box, box_step, count, element_bytes_);
      });
}

void ChunkWalk::to_chunk(const Part& part, const unsigned char* box, unsigned char* values) const {
  for_each_run(
      part, [&](std::size_t in_chunk, std::size_t chunk_step, std::size_t in_box, std::size_t box_step, hsize_t count) {
        copy_elements(box + in_box, box_step, values + in_chunk, chunk_step, count, element_bytes_);
      });
}

hdf5::Box ChunkWalk::box_of(const Part& part) const {
  hdf5::Box box;
  for (std::size_t i = 0; i < rank_; ++i) {
    box.start.push_back(part.origin[i] + part.first[i]);
    box.count.push_back(part.count[i]);
    box.stride.push_back(axes_[i].stride);
  }
  return box;
}

hdf5::MemoryPlace ChunkWalk::memory_place_of(const Part& part) const {
  hdf5::MemoryPlace place;
  for (std::size_t i = 0; i < rank_; ++i) {
    place.shape.push_back(axes_[i].count);
    place.start.push_back(part.at[i]);
  }
  return place;
}

}  // namespace h5tracks::stream
