#include "hdf5/core/dynamic_value.h"

#include <algorithm>

#include "system/error.h"

namespace h5tracks::hdf5 {

namespace {

const Tree kNothing;

template <typename T>
const T& get(const Tree& tree, const char* wanted) {
  if (const auto* value = std::get_if<T>(&tree.value)) return *value;
  throw Error("ERR_INVALID_ARGUMENT", std::string("an operation was asked without ") + wanted);
}

}  // namespace

Tree::Tree(const Tree& other) = default;
Tree::Tree(Tree&& other) noexcept = default;
Tree& Tree::operator=(const Tree& other) = default;
Tree& Tree::operator=(Tree&& other) noexcept = default;
Tree::~Tree() = default;

Tree Tree::shape(const Shape& shape) {
  List list;
  for (const hsize_t extent : shape) list.push_back(extent == H5S_UNLIMITED ? Tree() : count(extent));
  return Tree(std::move(list));
}

bool Tree::flag() const { return static_cast<bool>(*this) && get<bool>(*this, "a boolean"); }
double Tree::number() const { return get<double>(*this, "a number"); }
hsize_t Tree::count() const { return static_cast<hsize_t>(number()); }
const std::string& Tree::text() const { return get<std::string>(*this, "a string"); }
View Tree::view() const { return get<View>(*this, "bytes"); }
const std::shared_ptr<Object>& Tree::object() const { return get<std::shared_ptr<Object>>(*this, "an object"); }
const List& Tree::list() const { return get<List>(*this, "a list"); }
const Map& Tree::map() const { return get<Map>(*this, "a record"); }

Shape Tree::shape() const {
  Shape shape;
  for (const Tree& extent : list()) shape.push_back(extent ? extent.count() : H5S_UNLIMITED);
  return shape;
}

const Tree& Tree::operator[](int index) const {
  const auto* items = std::get_if<List>(&value);
  return items && static_cast<std::size_t>(index) < items->size() ? (*items)[static_cast<std::size_t>(index)]
                                                                  : kNothing;
}

const Tree& Tree::operator[](const char* name) const {
  const auto* entries = std::get_if<Map>(&value);
  if (!entries) return kNothing;
  const auto found =
      std::find_if(entries->begin(), entries->end(), [&](const auto& entry) { return entry.first == name; });
  return found == entries->end() ? kNothing : found->second;
}

}  // namespace h5tracks::hdf5
