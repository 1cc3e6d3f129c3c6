#include "hdf5/description/object_description.h"

#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/description/type.h"

namespace h5tracks::hdf5 {

namespace {

DynamicValue type_of(const Object& object) {
  try {
    if (std::string(object.kind()) == "dataset") return describe_type(*object.dataset());
    return describe_type(object.id());
  } catch (Error& error) {
    error.during("the type of '" + object.path + "' of '" + object.file->path + "'");
    throw;
  }
}

}  // namespace

Map describe_object(const std::shared_ptr<Object>& object) {
  Map map{{"handle", object}, {"kind", object->kind()}};
  const std::string kind = object->kind();
  if (kind == "group") return map;
  map.emplace_back("type", type_of(*object));
  if (kind == "datatype") return map;
  const Dataset& dataset = *object->dataset();
  try {
    add_extent(dataset.extent_id(), map);
  } catch (const Error&) {
    // The description goes without the extent; reading the extent itself reports what is wrong.
  }
  return map;
}

void add_extent(hid_t dataset, Map& map) {
  SpaceId space(call<H5Dget_space>(dataset));
  if (call<H5Sget_simple_extent_type>(space.get()) == H5S_NULL) {
    map.emplace_back("shape", DynamicValue());
    return;
  }
  Shape shape(call<H5Sget_simple_extent_ndims>(space.get())), most(shape.size());
  call<H5Sget_simple_extent_dims>(space.get(), shape.data(), most.data());
  map.emplace_back("shape", DynamicValue::shape(shape));
  if (most != shape) map.emplace_back("maxShape", DynamicValue::shape(most));
}

DynamicValue packed_names(std::vector<std::string> names, bool sorted) {
  if (sorted && !std::is_sorted(names.begin(), names.end())) std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text.append(name).push_back('\0');
  return text;
}

}  // namespace h5tracks::hdf5
