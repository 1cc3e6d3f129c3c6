// How the elements of a dataset lie in memory, and whether HDF5 must convert them.
#pragma once

#include <cstddef>
#include <optional>

#include "hdf5/type/element.h"

namespace h5tracks::hdf5 {

class MemoryLayout {
 public:
  // `stored` is the type of the elements in the file. The caller holds the Lock.
  MemoryLayout(hid_t stored, TypeId memory);
  // Numbers in the machine's byte order; all else as stored. The caller holds the Lock.
  static MemoryLayout native(hid_t stored);
  // The same, for an element that is already known.
  static MemoryLayout native(Element element, bool big_endian);
  // Takes the Lock.
  ~MemoryLayout();
  MemoryLayout(MemoryLayout&& other) = default;

  hid_t memory() const { return memory_.get(); }

  std::size_t size = 0;  // bytes of an element in memory
  // Present if elements are the same in memory and in the file except for a byte swap: the size of the numbers to swap,
  // or 0 for no swap.
  std::optional<std::size_t> swapped;

 private:
  MemoryLayout() = default;

  TypeId memory_;
};

}  // namespace h5tracks::hdf5
