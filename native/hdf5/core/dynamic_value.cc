#include "hdf5/core/dynamic_value.h"

#include <algorithm>

#include "system/error.h"

namespace h5tracks::hdf5 {

namespace {

const DynamicValue kNothing;

template <typename T>
const T& get(const DynamicValue& given, const char* wanted) {
  if (const auto* value = std::get_if<T>(&given.value)) return *value;
  throw Error("ERR_INVALID_ARGUMENT", std::string("an operation was called without ") + wanted);
}

}  // namespace

DynamicValue::DynamicValue(const DynamicValue& other) = default;
DynamicValue::DynamicValue(DynamicValue&& other) noexcept = default;
DynamicValue& DynamicValue::operator=(const DynamicValue& other) = default;
DynamicValue& DynamicValue::operator=(DynamicValue&& other) noexcept = default;
DynamicValue::~DynamicValue() = default;

DynamicValue DynamicValue::shape(const Shape& shape) {
  List list;
  for (const hsize_t extent : shape) list.push_back(extent == H5S_UNLIMITED ? DynamicValue() : count(extent));
  return DynamicValue(std::move(list));
}

bool DynamicValue::flag() const { return static_cast<bool>(*this) && get<bool>(*this, "a boolean"); }
double DynamicValue::number() const { return get<double>(*this, "a number"); }
hsize_t DynamicValue::count() const { return static_cast<hsize_t>(number()); }
const std::string& DynamicValue::text() const { return get<std::string>(*this, "a string"); }
View DynamicValue::view() const { return get<View>(*this, "bytes"); }
const std::shared_ptr<Object>& DynamicValue::object() const { return get<std::shared_ptr<Object>>(*this, "an object"); }
const List& DynamicValue::list() const { return get<List>(*this, "a list"); }
const Map& DynamicValue::map() const { return get<Map>(*this, "a record"); }

Shape DynamicValue::shape() const {
  Shape shape;
  for (const DynamicValue& extent : list()) shape.push_back(extent ? extent.count() : H5S_UNLIMITED);
  return shape;
}

const DynamicValue& DynamicValue::operator[](int index) const {
  const auto* items = std::get_if<List>(&value);
  return items && static_cast<std::size_t>(index) < items->size() ? (*items)[static_cast<std::size_t>(index)]
                                                                  : kNothing;
}

const DynamicValue& DynamicValue::operator[](const char* name) const {
  const auto* entries = std::get_if<Map>(&value);
  if (!entries) return kNothing;
  const auto found =
      std::find_if(entries->begin(), entries->end(), [&](const auto& entry) { return entry.first == name; });
  return found == entries->end() ? kNothing : found->second;
}

}  // namespace h5tracks::hdf5
