#include "hdf5/attribute.h"

#include <algorithm>

#include "hdf5/call.h"
#include "hdf5/containment.h"

namespace h5tracks::hdf5 {

namespace {

// More than an object header can hold outside dense storage is no attribute of anyone's: a claim of a damaged file.
constexpr hsize_t kLargestAttribute = hsize_t{64} << 20;

ObjectId open_owner(hid_t file, const std::string& path) {
  PropertiesId access = contained_access(H5P_LINK_ACCESS);
  return ObjectId(call<H5Oopen>(file, path.c_str(), access.get()));
}

TypeId utf8_type() {
  TypeId type(call<H5Tcopy>(H5T_C_S1));
  call<H5Tset_size>(type.get(), H5T_VARIABLE);
  call<H5Tset_cset>(type.get(), H5T_CSET_UTF8);
  return type;
}

// Owns what HDF5 allocates for variable-length values.
struct VariableStrings {
  VariableStrings(hid_t type, hid_t space, std::size_t count) : type(type), space(space), pointers(count) {}
  ~VariableStrings() { H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data()); }
  VariableStrings(const VariableStrings&) = delete;
  VariableStrings& operator=(const VariableStrings&) = delete;

  hid_t type, space;
  std::vector<char*> pointers;
};

Strings read_variable(hid_t attribute, hid_t file_type, hid_t space, std::size_t count) {
  TypeId type = utf8_type();
  call<H5Tset_cset>(type.get(), H5Tget_cset(file_type));
  VariableStrings values(type.get(), space, count);
  call<H5Aread>(attribute, type.get(), values.pointers.data());
  Strings strings;
  for (const char* pointer : values.pointers) strings.emplace_back(pointer ? pointer : "");
  return strings;
}

Strings read_fixed(hid_t attribute, hid_t type, std::size_t count) {
  const std::size_t size = H5Tget_size(type);
  const bool space_padded = H5Tget_strpad(type) == H5T_STR_SPACEPAD;
  std::string bytes(size * count, '\0');
  call<H5Aread>(attribute, type, bytes.data());
  Strings strings;
  for (std::size_t i = 0; i < count; ++i) {
    std::string value = bytes.substr(i * size, size);
    const auto end = space_padded ? value.find_last_not_of(' ') + 1 : value.find('\0');
    if (end != std::string::npos) value.resize(end);
    strings.push_back(std::move(value));
  }
  return strings;
}

SpaceId space_of(const Shape& shape) {
  if (shape.empty()) return SpaceId(call<H5Screate>(H5S_SCALAR));
  return SpaceId(call<H5Screate_simple>(static_cast<int>(shape.size()), shape.data(), nullptr));
}

void write_values(hid_t file, const std::string& object, const std::string& name, const Shape& shape, hid_t file_type,
                  hid_t memory_type, const void* values) {
  ObjectId owner = open_owner(file, object);
  if (call<H5Aexists>(owner.get(), name.c_str()) > 0) call<H5Adelete>(owner.get(), name.c_str());
  SpaceId space = space_of(shape);
  PropertiesId properties(call<H5Pcreate>(H5P_ATTRIBUTE_CREATE));
  call<H5Pset_char_encoding>(properties.get(), H5T_CSET_UTF8);
  AttributeId attribute(
      call<H5Acreate2>(owner.get(), name.c_str(), file_type, space.get(), properties.get(), H5P_DEFAULT));
  // HDF5 takes no null pointer, which is what an empty list has.
  if (call<H5Sget_simple_extent_npoints>(space.get()) > 0) call<H5Awrite>(attribute.get(), memory_type, values);
}

herr_t collect_name(hid_t, const char* name, const H5A_info_t*, void* into) {
  static_cast<Strings*>(into)->emplace_back(name);
  return 0;
}

}  // namespace

std::vector<std::string> attribute_names(hid_t file, const std::string& object) {
  ObjectId owner = open_owner(file, object);
  Strings names;
  hsize_t at = 0;
  // Sorted here: HDF5 sorts in a table as long as the file says, which it may leave partly unset.
  call<H5Aiterate2>(owner.get(), H5_INDEX_NAME, H5_ITER_NATIVE, &at, collect_name, static_cast<void*>(&names));
  std::sort(names.begin(), names.end());
  return names;
}

AttributeData read_attribute(hid_t file, const std::string& object, const std::string& name) {
  ObjectId owner = open_owner(file, object);
  AttributeId attribute(call<H5Aopen>(owner.get(), name.c_str(), H5P_DEFAULT));
  TypeId type(call<H5Aget_type>(attribute.get()));
  SpaceId space(call<H5Aget_space>(attribute.get()));
  AttributeData data;
  data.type = describe(type.get());
  if (call<H5Sget_simple_extent_type>(space.get()) == H5S_NULL) return data;
  data.shape.emplace(call<H5Sget_simple_extent_ndims>(space.get()));
  call<H5Sget_simple_extent_dims>(space.get(), data.shape->data(), nullptr);
  const auto count = static_cast<std::size_t>(call<H5Sget_simple_extent_npoints>(space.get()));
  if (data.type.size == 0 || count > kLargestAttribute / data.type.size) {
    throw Error("ERR_TOO_LARGE", "attribute '" + name + "' of '" + object + "' claims " + std::to_string(count) +
                                     " elements of " + std::to_string(data.type.size) + " bytes");
  }
  if (data.type.class_name == "string") {
    data.values = count == 0 ? Strings()
                  : call<H5Tis_variable_str>(type.get()) > 0
                      ? read_variable(attribute.get(), type.get(), space.get(), count)
                      : read_fixed(attribute.get(), type.get(), count);
  } else if (data.type.element) {
    Bytes bytes(count * size_of(*data.type.element));
    if (count > 0)
      call<H5Aread>(attribute.get(), memory_type(*data.type.element).get(), static_cast<void*>(bytes.data()));
    data.values = std::move(bytes);
  }
  return data;
}

void write_attribute(hid_t file, const std::string& object, const std::string& name, const Shape& shape,
                     const Strings& values) {
  std::vector<const char*> pointers;
  for (const auto& value : values) pointers.push_back(value.c_str());
  TypeId type = utf8_type();
  write_values(file, object, name, shape, type.get(), type.get(), pointers.data());
}

void write_attribute(hid_t file, const std::string& object, const std::string& name, const Shape& shape,
                     Element element, const void* values) {
  write_values(file, object, name, shape, file_type(element).get(), memory_type(element).get(), values);
}

void delete_attribute(hid_t file, const std::string& object, const std::string& name) {
  ObjectId owner = open_owner(file, object);
  if (call<H5Aexists>(owner.get(), name.c_str()) > 0) call<H5Adelete>(owner.get(), name.c_str());
}

}  // namespace h5tracks::hdf5
