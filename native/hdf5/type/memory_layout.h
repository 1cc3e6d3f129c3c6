// How the elements of a dataset lie in memory, and whether HDF5 must convert them.
#pragma once

#include <cstddef>
#include <optional>

#include "hdf5/type/element.h"

namespace h5tracks::hdf5 {

class MemoryLayout {
 public:
  // Of elements that are of type `stored` in the file. Caller holds the Lock.
  MemoryLayout(hid_t stored, TypeId memory);
  // Numbers in the machine's byte order, all else as it is stored. Caller holds the Lock.
  static MemoryLayout native(hid_t stored);
  // The same of an element that is told already.
  static MemoryLayout native(Element element, bool big_endian);
  // Takes the Lock.
  ~MemoryLayout();
  MemoryLayout(MemoryLayout&& other) = default;

  hid_t memory() const { return memory_.get(); }

  std::size_t size = 0;  // bytes of an element in memory
  // Present where an element's bytes in memory are those in the file: so many of them in the opposite order, or 0.
  std::optional<std::size_t> swapped;

 private:
  MemoryLayout() = default;

  TypeId memory_;
};

}  // namespace h5tracks::hdf5
