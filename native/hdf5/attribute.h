// Attributes of groups and datasets. Caller holds the Lock.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hdf5/dataset.h"

namespace h5tracks::hdf5 {

using Bytes = std::vector<char>;
using Strings = std::vector<std::string>;

struct AttributeData {
  TypeInfo type;
  std::optional<Shape> shape;                           // none: a null dataspace
  std::variant<std::monostate, Bytes, Strings> values;  // Bytes: elements of type.element
};

std::vector<std::string> attribute_names(hid_t file, const std::string& object);
AttributeData read_attribute(hid_t file, const std::string& object, const std::string& name);

// An empty shape makes a scalar. Strings become variable-length UTF-8. What had the name is replaced.
void write_attribute(hid_t file, const std::string& object, const std::string& name, const Shape& shape,
                     const Strings& values);
void write_attribute(hid_t file, const std::string& object, const std::string& name, const Shape& shape,
                     Element element, const void* values);
// Harmless where there is none.
void delete_attribute(hid_t file, const std::string& object, const std::string& name);

}  // namespace h5tracks::hdf5
