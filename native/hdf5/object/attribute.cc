#include "hdf5/object/attribute.h"

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"
#include "hdf5/file/containment.h"

namespace h5tracks::hdf5 {

namespace {

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

SpaceId space_of(const Shape& shape) {
  if (shape.empty()) return SpaceId(call<H5Screate>(H5S_SCALAR));
  return SpaceId(call<H5Screate_simple>(static_cast<int>(shape.size()), shape.data(), nullptr));
}

// Whether the attribute had this type and shape, and has the new values now. What is overwritten leaves no gap.
bool overwrite_values(hid_t owner, const std::string& name, hid_t space, hid_t file_type, hid_t memory_type,
                      const void* values) {
  AttributeId attribute(call<H5Aopen>(owner, name.c_str(), H5P_DEFAULT));
  TypeId type(call<H5Aget_type>(attribute.get()));
  SpaceId stored(call<H5Aget_space>(attribute.get()));
  if (call<H5Tequal>(type.get(), file_type) <= 0 || call<H5Sextent_equal>(stored.get(), space) <= 0) return false;
  call<H5Awrite>(attribute.get(), memory_type, values);
  return true;
}

void write_values(hid_t file, const std::string& object, const std::string& name, const Shape& shape, hid_t file_type,
                  hid_t memory_type, const void* values) {
  ObjectId owner = open_owner(file, object);
  SpaceId space = space_of(shape);
  if (call<H5Aexists>(owner.get(), name.c_str()) > 0) {
    const bool is_fixed = call<H5Tis_variable_str>(file_type) == 0;
    if (is_fixed && overwrite_values(owner.get(), name, space.get(), file_type, memory_type, values)) return;
    call<H5Adelete>(owner.get(), name.c_str());
  }
  PropertiesId properties(call<H5Pcreate>(H5P_ATTRIBUTE_CREATE));
  call<H5Pset_char_encoding>(properties.get(), H5T_CSET_UTF8);
  AttributeId attribute(
      call<H5Acreate2>(owner.get(), name.c_str(), file_type, space.get(), properties.get(), H5P_DEFAULT));
  // HDF5 refuses the null pointer of an empty list.
  if (call<H5Sget_simple_extent_npoints>(space.get()) > 0) call<H5Awrite>(attribute.get(), memory_type, values);
}

}  // namespace

void write_attribute(File& file, const std::string& object, const std::string& name, const Shape& shape,
                     const Strings& values) {
  const Lock lock;
  std::vector<const char*> pointers;
  for (const auto& value : values) pointers.push_back(value.c_str());
  TypeId type = utf8_type();
  write_values(file.id(), object, name, shape, type.get(), type.get(), pointers.data());
}

void write_attribute(File& file, const std::string& object, const std::string& name, const Shape& shape,
                     Element element, const void* values) {
  const Lock lock;
  write_values(file.id(), object, name, shape, file_type(element).get(), memory_type(element).get(), values);
}

Strings read_strings(File& file, const std::string& object, const std::string& name) {
  const Lock lock;
  ObjectId owner = open_owner(file.id(), object);
  if (call<H5Aexists>(owner.get(), name.c_str()) <= 0) return {};
  AttributeId attribute(call<H5Aopen>(owner.get(), name.c_str(), H5P_DEFAULT));
  TypeId stored(call<H5Aget_type>(attribute.get()));
  if (call<H5Tis_variable_str>(stored.get()) <= 0) return {};
  SpaceId space(call<H5Aget_space>(attribute.get()));
  std::vector<char*> values(static_cast<std::size_t>(call<H5Sget_simple_extent_npoints>(space.get())));
  if (values.empty()) return {};
  TypeId type = utf8_type();
  call<H5Tset_cset>(type.get(), call<H5Tget_cset>(stored.get()));
  call<H5Aread>(attribute.get(), type.get(), static_cast<void*>(values.data()));
  Strings strings;
  for (const char* value : values) strings.emplace_back(value ? value : "");
  call<H5Dvlen_reclaim>(type.get(), space.get(), H5P_DEFAULT, static_cast<void*>(values.data()));
  return strings;
}

void delete_attribute(File& file, const std::string& object, const std::string& name) {
  const Lock lock;
  ObjectId owner = open_owner(file.id(), object);
  if (call<H5Aexists>(owner.get(), name.c_str()) > 0) call<H5Adelete>(owner.get(), name.c_str());
}

}  // namespace h5tracks::hdf5
