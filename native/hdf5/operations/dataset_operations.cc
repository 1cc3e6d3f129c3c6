// Operations on datasets: create, describe, resize.
#include "hdf5/core/call.h"
#include "hdf5/description/columns.h"
#include "hdf5/description/creation.h"
#include "hdf5/description/object_description.h"
#include "hdf5/description/type.h"
#include "hdf5/file/file.h"
#include "hdf5/object/links.h"
#include "hdf5/object/object.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

SpaceId space_of(const DynamicValue& shape, const DynamicValue& max_shape) {
  if (!shape) return SpaceId(call<H5Screate>(H5S_NULL));
  const Shape extent = shape.shape();
  if (extent.empty()) return SpaceId(call<H5Screate>(H5S_SCALAR));
  const Shape most = max_shape ? max_shape.shape() : extent;
  return SpaceId(call<H5Screate_simple>(static_cast<int>(extent.size()), extent.data(), most.data()));
}

// (group, path, type, shape, maxShape, creation properties or null)
DynamicValue create(const DynamicValue& args) {
  const auto& parent = args[0].object();
  const DynamicValue& spec = args[5];
  TypeId type = make_type(args[2]);
  SpaceId space = space_of(args[3], args[4]);
  const std::string& path = args[1].text();
  PropertiesId links = link_creation(path), properties = dataset_creation(spec, type.get(), space.get(), parent->id()),
               access = parent->file->access(H5P_DATASET_ACCESS);
  try {
    ObjectId id(call<H5Dcreate2>(parent->id(), path.c_str(), type.get(), space.get(), links.get(), properties.get(),
                                 access.get()));
    // Without creation properties the storage is HDF5's default, and need not be looked up.
    if (!spec) return Object::adopt(parent->file, std::move(id), joined(*parent, path), Storage());
    return Object::adopt(parent->file, std::move(id), joined(*parent, path));
  } catch (Error& error) {
    explain_existing(*parent, path, error);
    throw;
  }
}

// The current extent; null for a null dataspace.
DynamicValue shape(const DynamicValue& args) {
  SpaceId space(call<H5Dget_space>(args[0].object()->dataset()->extent_id()));
  if (call<H5Sget_simple_extent_type>(space.get()) == H5S_NULL) return {};
  Shape shape(call<H5Sget_simple_extent_ndims>(space.get()));
  call<H5Sget_simple_extent_dims>(space.get(), shape.data(), nullptr);
  return DynamicValue::shape(shape);
}

DynamicValue extent(const DynamicValue& args) {
  Map map;
  add_extent(args[0].object()->dataset()->extent_id(), map);
  return map;
}

DynamicValue describe(const DynamicValue& args) {
  const hid_t id = args[0].object()->dataset()->id();
  TypeId type(call<H5Dget_type>(id));
  PropertiesId properties(call<H5Dget_create_plist>(id));
  Map map = describe_creation(properties.get());
  map.emplace_back("type", describe_type(type.get()));
  add_extent(args[0].object()->dataset()->extent_id(), map);
  const bool is_virtual = call<H5Pget_layout>(properties.get()) == H5D_VIRTUAL;
  map.emplace_back("storageSize", DynamicValue::count(is_virtual ? 0 : H5Dget_storage_size(id)));
  const haddr_t offset = H5Dget_offset(id);
  H5Eclear2(H5E_DEFAULT);
  map.emplace_back("offset", offset == HADDR_UNDEF ? DynamicValue() : DynamicValue::count(offset));
  return map;
}

// (dataset, memory type): the fill value, as a column of one element
DynamicValue fill(const DynamicValue& args) {
  const hid_t id = args[0].object()->dataset()->id();
  PropertiesId properties(call<H5Dget_create_plist>(id));
  TypeId type = make_type(args[1]);
  const ColumnLayout layout = column_layout_of(type.get());
  Bytes value(layout.size);
  call<H5Pget_fill_value>(properties.get(), type.get(), static_cast<void*>(value.data()));
  Column column;
  gather(layout, value.data(), layout.size, 1, column);
  drop_references(layout, value.data(), layout.size, 1);
  SpaceId one(call<H5Screate>(H5S_SCALAR));
  H5Dvlen_reclaim(type.get(), one.get(), H5P_DEFAULT, value.data());
  return to_dynamic_value(layout, std::move(column));
}

// (dataset, shape)
DynamicValue resize(const DynamicValue& args) {
  const Shape shape = args[1].shape();
  const auto& dataset = args[0].object()->dataset();
  const hid_t id = dataset->values_id();
  SpaceId space(call<H5Dget_space>(id));
  Shape most(call<H5Sget_simple_extent_ndims>(space.get()));
  call<H5Sget_simple_extent_dims>(space.get(), nullptr, most.data());
  if (most.size() != shape.size()) {
    throw Error("ERR_INVALID_ARGUMENT", "'" + dataset->path + "' cannot be resized: it has " +
                                            std::to_string(most.size()) + " axes, not " + std::to_string(shape.size()));
  }
  for (std::size_t axis = 0; axis < most.size(); ++axis) {
    if (shape[axis] <= most[axis]) continue;
    throw Error("ERR_OUT_OF_RANGE", "'" + dataset->path + "' cannot be resized: axis " + std::to_string(axis) +
                                        " has a maximum of " + std::to_string(most[axis]) + ", not " +
                                        std::to_string(shape[axis]));
  }
  dataset->changed();
  call<H5Dset_extent>(id, shape.data());
  return {};
}

DynamicValue refresh(const DynamicValue& args) {
  args[0].object()->dataset()->changed();
  call<H5Drefresh>(args[0].object()->dataset()->id());
  return {};
}

DynamicValue flush(const DynamicValue& args) {
  call<H5Dflush>(args[0].object()->dataset()->id());
  return {};
}

// (dataset, first row, end): pairs of a first row and the row after the last
DynamicValue unstored_rows(const DynamicValue& args) {
  List pairs;
  for (const RowRange& run : args[0].object()->dataset()->unstored_rows(args[1].count(), args[2].count())) {
    pairs.push_back(DynamicValue::count(run.first));
    pairs.push_back(DynamicValue::count(run.end));
  }
  return pairs;
}

}  // namespace

const Operations& dataset_operations() {
  static const Operations operations = {
      {"dataset.create", create, true}, {"dataset.shape", shape},       {"dataset.describe", describe},
      {"dataset.extent", extent},       {"dataset.fill", fill},         {"dataset.resize", resize, true},
      {"dataset.refresh", refresh},     {"dataset.flush", flush, true}, {"dataset.unstoredRows", unstored_rows},
  };
  return operations;
}

}  // namespace h5tracks::hdf5
