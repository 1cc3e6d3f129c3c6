// Operations on attributes.
#include <algorithm>

#include "hdf5/core/call.h"
#include "hdf5/description/columns.h"
#include "hdf5/description/object_description.h"
#include "hdf5/description/type.h"
#include "hdf5/file/file.h"
#include "hdf5/object/creation_order.h"
#include "hdf5/object/damage.h"
#include "hdf5/object/object.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

// An attribute that is larger than this, and larger than this many times the file, is a claim of a damaged file.
constexpr hsize_t kAlwaysAllowed = hsize_t{64} << 20, kLargestRatio = 8;
// The file stores the sizes of the name and of the type in 16 bits.
constexpr std::size_t kLargestPart = 0xffff;

herr_t collect_name(hid_t, const char* name, const H5A_info_t*, void* into) {
  static_cast<std::vector<std::string>*>(into)->emplace_back(name);
  return 0;
}

std::string in_words(const Object& owner, const std::string& name) {
  return "attribute '" + name + "' of '" + owner.path + "' in '" + owner.file->path + "'";
}

Error missing(const Object& owner, const std::string& name) {
  return Error("ERR_NOT_FOUND", "there is no " + in_words(owner, name));
}

std::string all_of(const Object& owner) {
  return "something among the attributes of '" + owner.path + "' in '" + owner.file->path + "'";
}

bool is_there(const Object& owner, const std::string& name) {
  try {
    return call<H5Aexists>(owner.id(), name.c_str()) > 0;
  } catch (Error& error) {
    explain_damage(all_of(owner), error);
    throw error;
  }
}

AttributeId open(const Object& owner, const std::string& name) {
  const hid_t id = H5Aopen(owner.id(), name.c_str(), H5P_DEFAULT);
  if (id >= 0) return AttributeId(id);
  Error error = take_error();
  if (!is_there(owner, name)) throw missing(owner, name);
  explain_damage(in_words(owner, name), error);
  throw error;
}

DynamicValue type_of(hid_t type, const Object& owner, const std::string& name) {
  try {
    return describe_type(type);
  } catch (Error& error) {
    error.during("the type of " + in_words(owner, name));
    throw;
  }
}

DynamicValue shape_of(hid_t space) {
  if (call<H5Sget_simple_extent_type>(space) == H5S_NULL) return {};
  Shape shape(call<H5Sget_simple_extent_ndims>(space));
  call<H5Sget_simple_extent_dims>(space, shape.data(), nullptr);
  return DynamicValue::shape(shape);
}

SpaceId space_of(const DynamicValue& shape) {
  if (!shape) return SpaceId(call<H5Screate>(H5S_NULL));
  const Shape extent = shape.shape();
  if (extent.empty()) return SpaceId(call<H5Screate>(H5S_SCALAR));
  return SpaceId(call<H5Screate_simple>(static_cast<int>(extent.size()), extent.data(), nullptr));
}

std::vector<std::string> names_of(const Object& owner, bool by_creation) {
  std::vector<std::string> names;
  hsize_t at = 0;
  if (by_creation && !tracks_attributes(owner)) {
    throw Error("ERR_FORMAT", "'" + owner.path + "' of '" + owner.file->path +
                                  "' does not track the order in which its attributes were made");
  }
  // Sorted here, because HDF5 allocates a table as large as the file claims and may leave a part of it uninitialised.
  try {
    call<H5Aiterate2>(owner.id(), by_creation ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME,
                      by_creation ? H5_ITER_INC : H5_ITER_NATIVE, &at, collect_name, static_cast<void*>(&names));
  } catch (Error& error) {
    explain_damage(all_of(owner), error);
    throw error;
  }
  return names;
}

// (object, order)
DynamicValue names(const DynamicValue& args) {
  const bool by_creation = args[1] && args[1].text() == "creation";
  return packed_names(names_of(*args[0].object(), by_creation), !by_creation);
}

DynamicValue exists(const DynamicValue& args) { return DynamicValue(is_there(*args[0].object(), args[1].text())); }

// (object, name): { type, shape }
DynamicValue info(const DynamicValue& args) {
  const Object& owner = *args[0].object();
  AttributeId attribute = open(owner, args[1].text());
  TypeId type(call<H5Aget_type>(attribute.get()));
  DynamicValue described = type_of(type.get(), owner, args[1].text());
  return Map{{"type", std::move(described)}, {"shape", shape_of(SpaceId(call<H5Aget_space>(attribute.get())).get())}};
}

DynamicValue column_of(const Object& owner, const std::string& name, hid_t attribute, hid_t space, hid_t memory_type,
                       bool raw) {
  const ColumnLayout layout = column_layout_of(memory_type, raw);
  const auto count = static_cast<hsize_t>(call<H5Sget_simple_extent_npoints>(space));
  const auto most = [&] { return std::max(kAlwaysAllowed, kLargestRatio * owner.file->size()); };
  if (layout.size == 0 || (count > kAlwaysAllowed / layout.size && count > most() / layout.size)) {
    throw Error("ERR_TOO_LARGE", in_words(owner, name) + " claims " + std::to_string(count) + " elements of " +
                                     std::to_string(layout.size) + " bytes");
  }
  Column column;
  Bytes values(static_cast<std::size_t>(count) * layout.size);
  if (count == 0) return to_dynamic_value(layout, std::move(column));
  const auto give_back = [&] {
    drop_references(layout, values.data(), layout.size, count);
    H5Dvlen_reclaim(memory_type, space, H5P_DEFAULT, values.data());
  };
  bool is_read = false;
  try {
    call<H5Aread>(attribute, memory_type, static_cast<void*>(values.data()));
    is_read = true;
    gather(layout, values.data(), layout.size, count, column);
  } catch (Error& error) {
    if (is_read) give_back();
    error.during("reading " + in_words(owner, name));
    throw error;
  }
  give_back();
  return to_dynamic_value(layout, std::move(column));
}

// (object, name): { type, shape }, and the column if it needs no conversion: numbers in our storage format, and
// strings.
Map get_one(const Object& owner, const std::string& name) {
  AttributeId attribute = open(owner, name);
  TypeId type(call<H5Aget_type>(attribute.get()));
  SpaceId space(call<H5Aget_space>(attribute.get()));
  DynamicValue described = type_of(type.get(), owner, name);
  Map map{{"type", std::move(described)}, {"shape", shape_of(space.get())}};
  if (map[1].second && (map[0].second.is_text() || call<H5Tget_class>(type.get()) == H5T_STRING)) {
    map.emplace_back("column", column_of(owner, name, attribute.get(), space.get(), type.get(), false));
  }
  return map;
}

DynamicValue get(const DynamicValue& args) { return get_one(*args[0].object(), args[1].text()); }

// (object): { name, type, shape, column } of each attribute, as get() does, in the order of the names
DynamicValue all(const DynamicValue& args) {
  std::vector<std::string> names = names_of(*args[0].object(), false);
  std::sort(names.begin(), names.end());
  List found;
  for (std::string& name : names) {
    Map map = get_one(*args[0].object(), name);
    map.emplace_back("name", std::move(name));
    found.push_back(std::move(map));
  }
  return found;
}

// (object, name, memory type, raw): the column
DynamicValue read(const DynamicValue& args) {
  const Object& owner = *args[0].object();
  AttributeId attribute = open(owner, args[1].text());
  SpaceId space(call<H5Aget_space>(attribute.get()));
  TypeId memory_type = make_type(args[2]);
  return column_of(owner, args[1].text(), attribute.get(), space.get(), memory_type.get(), args[3].flag());
}

PropertiesId creation() {
  static const hid_t made = [] {
    PropertiesId properties(call<H5Pcreate>(H5P_ATTRIBUTE_CREATE));
    call<H5Pset_char_encoding>(properties.get(), H5T_CSET_UTF8);
    return properties.release();
  }();
  return shared<PropertiesId>(made);
}

std::string unused_name(const Object& owner, std::string name) {
  do {
    name += '~';
  } while (is_there(owner, name));
  return name;
}

// Before 1.14.5, if an object indexes the creation order of its attributes, HDF5 renames one such that it can never be
// deleted (HDFGroup/hdf5#1388).
bool cannot_rename(const Object& owner) {
#if H5_VERSION_GE(1, 14, 5)
  static_cast<void>(owner);
  return false;
#else
  return tracks_attributes(owner);
#endif
}

void copy(hid_t owner, const char* from, const char* to) {
  const AttributeId source(call<H5Aopen>(owner, from, H5P_DEFAULT));
  const TypeId type(call<H5Aget_type>(source.get()));
  const SpaceId space(call<H5Aget_space>(source.get()));
  const PropertiesId properties(call<H5Aget_create_plist>(source.get()));
  const AttributeId made(call<H5Acreate2>(owner, to, type.get(), space.get(), properties.get(), H5P_DEFAULT));
  const auto count = static_cast<std::size_t>(call<H5Sget_simple_extent_npoints>(space.get()));
  if (count == 0) return;
  Bytes values(count * H5Tget_size(type.get()));
  call<H5Aread>(source.get(), type.get(), static_cast<void*>(values.data()));
  const herr_t written = H5Awrite(made.get(), type.get(), values.data());
  H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, values.data());
  if (written < 0) throw take_error();
}

void move(const Object& owner, const char* from, const char* to) {
  if (!cannot_rename(owner)) {
    call<H5Arename>(owner.id(), from, to);
    return;
  }
  copy(owner.id(), from, to);
  call<H5Adelete>(owner.id(), from);
}

// HDF5 writes sizes that do not fit into its 16-bit fields.
void check_parts(const Object& owner, const std::string& name, hid_t type) {
  std::size_t bytes = 0;
  call<H5Tencode>(type, static_cast<void*>(nullptr), &bytes);
  if (bytes >= kLargestPart) {
    throw Error("ERR_TOO_LARGE", "the type of " + in_words(owner, name) + " takes " + std::to_string(bytes) +
                                     " bytes; the type of an attribute takes less than 64 KiB");
  }
  if (name.size() < kLargestPart) return;
  throw Error("ERR_TOO_LARGE", "the name of an attribute takes " + std::to_string(name.size()) +
                                   " bytes; it must take less than 64 KiB");
}

std::size_t stored_size(hid_t type) {
  constexpr std::size_t kPlaceInHeap = 16;
  const bool elsewhere = call<H5Tget_class>(type) == H5T_VLEN || call<H5Tis_variable_str>(type) > 0;
  return elsewhere ? kPlaceInHeap : H5Tget_size(type);
}

Error too_large(const Object& owner, const std::string& name, hsize_t bytes) {
  return Error("ERR_TOO_LARGE",
               in_words(owner, name) + " takes " + std::to_string(bytes) +
                   " bytes; an object of the oldest format holds less than 64 KiB of one. Make the file with libver: "
                   "['v108', 'latest'], or the object with trackOrder: true, or keep the values in a dataset");
}

// (object, name, type, shape, memory type, column): replaces an attribute of that name.
DynamicValue write(const DynamicValue& args) {
  const Object& owner = *args[0].object();
  const char* name = args[1].text().c_str();
  TypeId type = make_type(args[2]), memory_type = make_type(args[4]);
  SpaceId space = space_of(args[3]);
  check_parts(owner, args[1].text(), type.get());
  const ColumnLayout layout = column_layout_of(memory_type.get());
  const auto count = static_cast<hsize_t>(call<H5Sget_simple_extent_npoints>(space.get()));
  Bytes values(static_cast<std::size_t>(count) * layout.size);
  Arena arena;
  References references(owner.id());
  scatter(layout, args[5], 0, count, values.data(), layout.size, arena, references);
  const PropertiesId properties = creation();
  // The old attribute is deleted only once the new one is complete.
  const bool replaces = is_there(owner, name);
  const std::string made = replaces ? unused_name(owner, args[1].text()) : args[1].text();
  try {
    AttributeId attribute(
        call<H5Acreate2>(owner.id(), made.c_str(), type.get(), space.get(), properties.get(), H5P_DEFAULT));
    if (count > 0) call<H5Awrite>(attribute.get(), memory_type.get(), static_cast<const void*>(values.data()));
  } catch (Error& error) {
    H5Adelete(owner.id(), made.c_str());
    H5Eclear2(H5E_DEFAULT);
    if (error.code == "ERR_TOO_LARGE") throw too_large(owner, args[1].text(), count * stored_size(type.get()));
    error.during("writing " + in_words(owner, args[1].text()));
    throw error;
  }
  if (replaces) {
    call<H5Adelete>(owner.id(), name);
    move(owner, made.c_str(), name);
  }
  return {};
}

DynamicValue remove(const DynamicValue& args) {
  const Object& owner = *args[0].object();
  const std::string& name = args[1].text();
  if (!is_there(owner, name)) throw missing(owner, name);
  call<H5Adelete>(owner.id(), name.c_str());
  return {};
}

// (object, from, to)
DynamicValue rename(const DynamicValue& args) {
  const Object& owner = *args[0].object();
  const std::string &from = args[1].text(), &to = args[2].text();
  if (!is_there(owner, from)) throw missing(owner, from);
  if (is_there(owner, to)) throw Error("ERR_EXISTS", "there is already an " + in_words(owner, to));
  move(owner, from.c_str(), to.c_str());
  return {};
}

}  // namespace

const Operations& attribute_operations() {
  static const Operations operations = {
      {"attributes.names", names},
      {"attributes.exists", exists},
      {"attributes.info", info},
      {"attributes.get", get},
      {"attributes.all", all},
      {"attributes.read", read},
      {"attributes.write", write, true},
      {"attributes.delete", remove, true},
      {"attributes.rename", rename, true},
  };
  return operations;
}

}  // namespace h5tracks::hdf5
