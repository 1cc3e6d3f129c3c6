// The elements of a dataset that an operation selects, and their places in memory. Given by lib/ as one of
//   null                                              all elements
//   { shape, boxes: [{ start, stride, count, at }] }  each box of the file goes to `at` in an array of that shape
//   { points: n x rank 64-bit coordinates }           n elements in that order
//   { region: bytes }                                 the selection of a region reference
// The caller holds the Lock.
#pragma once

#include <functional>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/dataset/dataset.h"

namespace h5tracks::hdf5 {

class Selection {
 public:
  // `file_space`: that of the dataset. Throws ERR_OUT_OF_RANGE if the selection is not within it.
  Selection(SpaceId file_space, const DynamicValue& given, hid_t dataset);

  // The number of selected elements.
  hsize_t elements() const { return elements_; }
  // Calls `transfer(memory space, file space)` for each part. The memory space describes memory for all parts.
  using Transfer = std::function<void(hid_t, hid_t)>;
  void for_each_part(const Transfer& transfer) const;
  // If the selection is one box, for_each_run splits it into consecutive runs of about `most` elements, each with
  // memory of its own, and calls `transfer(memory, file, first, count)`.
  bool is_box() const { return boxes_.size() == 1 && !boxes_[0].count.empty(); }
  using TransferRun = std::function<void(hid_t, hid_t, hsize_t, hsize_t)>;
  void for_each_run(hsize_t most, const TransferRun& transfer) const;
  // The file's dataspace with the whole selection in it; for region references.
  SpaceId file_selection() const;

 private:
  struct Box {
    Shape start, stride, count, at;
  };
  void select(hid_t space, H5S_seloper_t how, const Box& box) const;

  SpaceId file_;
  Shape memory_shape_;
  std::vector<Box> boxes_;
  hsize_t elements_ = 0;
};

}  // namespace h5tracks::hdf5
