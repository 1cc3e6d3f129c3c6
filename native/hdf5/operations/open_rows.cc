#include "hdf5/operations/open_rows.h"

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"
#include "hdf5/description/type.h"
#include "hdf5/object/open_object.h"

namespace h5tracks::hdf5 {

namespace {

List describe(const Dataset& dataset) {
  const Storage& storage = dataset.storage();
  const bool elsewhere = storage.layout == H5D_VIRTUAL || storage.external;
  DynamicValue shape, chunks;
  if (storage.chunks) chunks = DynamicValue::shape(*storage.chunks);
  SpaceId space(call<H5Dget_space>(dataset.extent_id()));
  if (call<H5Sget_simple_extent_type>(space.get()) != H5S_NULL) {
    Shape extent(call<H5Sget_simple_extent_ndims>(space.get()));
    call<H5Sget_simple_extent_dims>(space.get(), extent.data(), nullptr);
    shape = DynamicValue::shape(extent);
  }
  return {describe_type(dataset), std::move(shape), std::move(chunks), elsewhere};
}

}  // namespace

OpenedRows open_rows(const Object& group, const std::vector<std::string>& paths) {
  const Lock lock;
  OpenedRows opened{open_datasets(group, paths), {}};
  for (const auto& object : opened.datasets) opened.descriptions.push_back(describe(*object->dataset()));
  return opened;
}

}  // namespace h5tracks::hdf5
