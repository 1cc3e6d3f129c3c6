#include "hdf5/description/selection.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "hdf5/core/call.h"
#include "hdf5/description/reference.h"

namespace h5tracks::hdf5 {

namespace {

hsize_t product(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), hsize_t{1}, std::multiplies<>());
}

SpaceId space_of(const Shape& shape) {
  if (shape.empty()) return SpaceId(call<H5Screate>(H5S_SCALAR));
  return SpaceId(call<H5Screate_simple>(static_cast<int>(shape.size()), shape.data(), nullptr));
}

}  // namespace

Selection::Selection(SpaceId file_space, const DynamicValue& given, hid_t dataset) : file_(std::move(file_space)) {
  const auto rank = static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(file_.get()));
  if (const DynamicValue& boxes = given["boxes"]) {
    memory_shape_ = given["shape"].shape();
    Shape extent(rank);
    call<H5Sget_simple_extent_dims>(file_.get(), extent.data(), nullptr);
    for (const DynamicValue& box : boxes.list()) {
      boxes_.push_back({box["start"].shape(), box["stride"].shape(), box["count"].shape(), box["at"].shape()});
      const Box& last = boxes_.back();
      elements_ += product(last.count);
      for (std::size_t axis = 0; axis < std::max(rank, last.count.size()); ++axis) {
        if (axis < rank && axis < last.count.size() &&
            (last.count[axis] == 0 || last.start[axis] + (last.count[axis] - 1) * last.stride[axis] < extent[axis])) {
          continue;
        }
        throw Error("ERR_OUT_OF_RANGE",
                    "the selection lies outside of the dataset, along axis " + std::to_string(axis));
      }
    }
    return;
  }
  if (given["points"]) {
    const View points = given["points"].view();
    const std::size_t count = rank == 0 ? 0 : points.size / (rank * sizeof(hsize_t));
    if (count > 0) {
      call<H5Sselect_elements>(file_.get(), H5S_SELECT_SET, count, reinterpret_cast<const hsize_t*>(points.data));
      if (call<H5Sselect_valid>(file_.get()) == 0) {
        throw Error("ERR_OUT_OF_RANGE", "a point of the selection lies outside of the dataset");
      }
    }
    elements_ = count;
    memory_shape_ = {elements_};
    return;
  }
  if (given["region"]) {
    file_ = region_space(dataset, given["region"].view());
    if (call<H5Sselect_valid>(file_.get()) == 0) {
      throw Error("ERR_OUT_OF_RANGE", "a part of the region lies outside of the dataset");
    }
    elements_ = static_cast<hsize_t>(call<H5Sget_select_npoints>(file_.get()));
    memory_shape_ = {elements_};
    return;
  }
  elements_ = static_cast<hsize_t>(call<H5Sget_simple_extent_npoints>(file_.get()));
  memory_shape_ = Shape(rank);
  if (rank == 0) return;
  call<H5Sget_simple_extent_dims>(file_.get(), memory_shape_.data(), nullptr);
  boxes_.push_back({Shape(rank, 0), Shape(rank, 1), memory_shape_, Shape(rank, 0)});
}

void Selection::select(hid_t space, H5S_seloper_t how, const Box& box) const {
  if (box.count.empty()) return call<H5Sselect_all>(space), void();
  call<H5Sselect_hyperslab>(space, how, box.start.data(), box.stride.data(), box.count.data(), nullptr);
}

void Selection::for_each_part(const Transfer& transfer) const {
  if (elements_ == 0) return;
  SpaceId memory = space_of(memory_shape_);
  if (boxes_.empty()) return transfer(memory.get(), file_.get());
  for (const Box& box : boxes_) {
    if (product(box.count) == 0) continue;
    select(file_.get(), H5S_SELECT_SET, box);
    if (boxes_.size() > 1) {
      call<H5Sselect_hyperslab>(memory.get(), H5S_SELECT_SET, box.at.data(), nullptr, box.count.data(), nullptr);
    }
    transfer(memory.get(), file_.get());
  }
}

void Selection::for_each_run(hsize_t most, const TransferRun& transfer) const {
  if (elements_ == 0) return;
  Box run = boxes_[0];
  const hsize_t rows = run.count[0], row = elements_ / rows;
  const hsize_t most_rows = std::max<hsize_t>(1, most / std::max<hsize_t>(1, row));
  for (hsize_t done = 0; done < rows; done += most_rows) {
    run.count[0] = std::min(most_rows, rows - done);
    run.start[0] = boxes_[0].start[0] + done * run.stride[0];
    select(file_.get(), H5S_SELECT_SET, run);
    const hsize_t count = run.count[0] * row;
    transfer(space_of({count}).get(), file_.get(), done * row, count);
  }
}

SpaceId Selection::file_selection() const {
  SpaceId space(call<H5Scopy>(file_.get()));
  if (boxes_.empty()) return space;
  call<H5Sselect_none>(space.get());
  for (const Box& box : boxes_) {
    if (product(box.count) > 0) select(space.get(), H5S_SELECT_OR, box);
  }
  return space;
}

}  // namespace h5tracks::hdf5
