#include "hdf5/description/type.h"

#include <cstring>

#include "hdf5/core/call.h"
#include "hdf5/description/number_type.h"
#include "hdf5/description/reference.h"
#include "hdf5/description/type_words.h"
#include "hdf5/object/object.h"
#include "hdf5/type/element.h"

namespace h5tracks::hdf5 {

namespace {

// Takes over a string that HDF5 allocated.
std::string owned(char* text) {
  if (!text) throw take_error();
  std::string copy(text);
  H5free_memory(text);
  return copy;
}

std::size_t size_of(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  if (size == 0) throw take_error();
  return size;
}

// Only damaged files have types nested this deeply. Each level of arrays within arrays doubles the time that HDF5
// takes.
constexpr int kMostDepth = 100, kMostArrays = 16;

// How many types, and how many arrays among them, enclose a type.
struct Within {
  int depth = 0, arrays = 0;

  Within deeper(bool is_array) const {
    const Within next{depth + 1, arrays + (is_array ? 1 : 0)};
    if (next.depth <= kMostDepth && next.arrays <= kMostArrays) return next;
    throw Error("ERR_UNSUPPORTED_TYPE", "types are nested more than " + std::to_string(kMostDepth) +
                                            " deep, or arrays more than " + std::to_string(kMostArrays) + " deep");
  }
};

DynamicValue describe_within(hid_t type, Within within);

Map describe_string(hid_t type, std::size_t size) {
  Map map{{"class", "string"}};
  if (call<H5Tis_variable_str>(type) > 0) {
    map.emplace_back("size", "variable");
  } else {
    map.emplace_back("size", DynamicValue::count(size));
  }
  map.emplace_back("charset", word_of(kCharsets, H5Tget_cset(type)));
  map.emplace_back("padding", word_of(kStringPads, H5Tget_strpad(type)));
  return map;
}

TypeId make_string(const DynamicValue& given) {
  TypeId type(call<H5Tcopy>(H5T_C_S1));
  const bool variable = std::holds_alternative<std::string>(given["size"].value);
  call<H5Tset_size>(type.get(), variable ? H5T_VARIABLE : given["size"].count());
  call<H5Tset_cset>(type.get(), number_of(kCharsets, given["charset"].text()));
  call<H5Tset_strpad>(type.get(), number_of(kStringPads, given["padding"].text()));
  return type;
}

// A member's value as 64 bits, for any size and byte order of the base type.
DynamicValue member_value(hid_t type, hid_t base, unsigned index) {
  unsigned char value[64] = {};
  const bool is_signed = H5Tget_sign(base) == H5T_SGN_2;
  if (size_of(base) > sizeof value)
    throw Error("ERR_UNSUPPORTED_TYPE", "enums of integers of more than 64 bytes are not supported");
  call<H5Tget_member_value>(type, index, static_cast<void*>(value));
  call<H5Tconvert>(base, is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64, std::size_t{1}, static_cast<void*>(value),
                   static_cast<void*>(nullptr), H5P_DEFAULT);
  std::int64_t bits = 0;
  std::memcpy(&bits, value, sizeof bits);
  return is_signed ? DynamicValue(bits) : DynamicValue(static_cast<std::uint64_t>(bits));
}

Map describe_enum(hid_t type) {
  TypeId base(call<H5Tget_super>(type));
  List members;
  const int count = call<H5Tget_nmembers>(type);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<unsigned>(i);
    members.push_back(List{owned(H5Tget_member_name(type, index)), member_value(type, base.get(), index)});
  }
  return {{"class", "enum"}, {"base", describe_type(base.get())}, {"members", std::move(members)}};
}

TypeId make_enum(const DynamicValue& given) {
  TypeId base = make_type(given["base"]);
  TypeId type(call<H5Tenum_create>(base.get()));
  for (const DynamicValue& member : given["members"].list()) {
    unsigned char value[64] = {};
    const bool is_signed = std::holds_alternative<std::int64_t>(member[1].value);
    std::memcpy(value,
                is_signed ? static_cast<const void*>(&std::get<std::int64_t>(member[1].value))
                          : static_cast<const void*>(&std::get<std::uint64_t>(member[1].value)),
                8);
    call<H5Tconvert>(is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64, base.get(), std::size_t{1},
                     static_cast<void*>(value), static_cast<void*>(nullptr), H5P_DEFAULT);
    call<H5Tenum_insert>(type.get(), member[0].text().c_str(), static_cast<const void*>(value));
  }
  return type;
}

Map describe_compound(hid_t type, std::size_t size, Within within) {
  List members;
  const int count = call<H5Tget_nmembers>(type);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<unsigned>(i);
    TypeId member(call<H5Tget_member_type>(type, index));
    DynamicValue inner = describe_within(member.get(), within);
    members.push_back(Map{{"name", owned(H5Tget_member_name(type, index))},
                          {"type", std::move(inner)},
                          {"offset", DynamicValue::count(H5Tget_member_offset(type, index))}});
  }
  return {{"class", "compound"}, {"size", DynamicValue::count(size)}, {"members", std::move(members)}};
}

TypeId make_compound(const DynamicValue& given) {
  TypeId type(call<H5Tcreate>(H5T_COMPOUND, static_cast<std::size_t>(given["size"].count())));
  for (const DynamicValue& member : given["members"].list()) {
    TypeId inner = make_type(member["type"]);
    call<H5Tinsert>(type.get(), member["name"].text().c_str(), static_cast<std::size_t>(member["offset"].count()),
                    inner.get());
  }
  return type;
}

// Call this before constructing the list that will contain the result: gcc 12 leaks the elements of an initializer list
// if an exception passes through it.
DynamicValue describe_base(hid_t type, Within within) {
  const TypeId base(call<H5Tget_super>(type));
  return describe_within(base.get(), within);
}

Map describe_array(hid_t type, Within within) {
  Shape shape(call<H5Tget_array_ndims>(type));
  call<H5Tget_array_dims2>(type, shape.data());
  DynamicValue base = describe_base(type, within);
  return {{"class", "array"}, {"base", std::move(base)}, {"shape", DynamicValue::shape(shape)}};
}

Map describe_sequence(hid_t type, Within within) {
  DynamicValue base = describe_base(type, within);
  return {{"class", "vlen"}, {"base", std::move(base)}};
}

Map describe_reference(hid_t type) {
  const char* to = is_new_reference(type) ? "any" : call<H5Tequal>(type, H5T_STD_REF_OBJ) > 0 ? "object" : "region";
  return {{"class", "reference"}, {"to", to}};
}

TypeId make_reference(const std::string& to) {
  if (to == "object") return TypeId(call<H5Tcopy>(H5T_STD_REF_OBJ));
  if (to == "region") return TypeId(call<H5Tcopy>(H5T_STD_REF_DSETREG));
  return new_reference_type();
}

TypeId make_time(const DynamicValue& given) {
  const bool big_endian = given["order"].text() == "big";
  if (given["size"].count() == 4) return TypeId(call<H5Tcopy>(big_endian ? H5T_UNIX_D32BE : H5T_UNIX_D32LE));
  return TypeId(call<H5Tcopy>(big_endian ? H5T_UNIX_D64BE : H5T_UNIX_D64LE));
}

Map sized(const char* name, std::size_t size, H5T_order_t order) {
  return {{"class", name}, {"size", DynamicValue::count(size)}, {"order", word_of(kOrders, order)}};
}

Map described(hid_t type, std::size_t size, Within outer) {
  const Within within = outer.deeper(H5Tget_class(type) == H5T_ARRAY);
  switch (call<H5Tget_class>(type)) {
    case H5T_INTEGER: {
      Map map = sized("integer", size, H5Tget_order(type));
      map.insert(map.begin() + 2, {"signed", H5Tget_sign(type) == H5T_SGN_2});
      describe_bits(type, size, map);
      return map;
    }
    case H5T_FLOAT:
      return describe_float(type, size);
    case H5T_TIME:
      return sized("time", size, H5Tget_order(type));
    case H5T_STRING:
      return describe_string(type, size);
    case H5T_BITFIELD: {
      Map map = sized("bitfield", size, H5Tget_order(type));
      describe_bits(type, size, map);
      return map;
    }
    case H5T_OPAQUE:
      return {{"class", "opaque"}, {"size", DynamicValue::count(size)}, {"tag", owned(H5Tget_tag(type))}};
    case H5T_COMPOUND:
      return describe_compound(type, size, within);
    case H5T_REFERENCE:
      return describe_reference(type);
    case H5T_ENUM:
      return describe_enum(type);
    case H5T_VLEN:
      return describe_sequence(type, within);
    case H5T_ARRAY:
      return describe_array(type, within);
    default:
      throw Error("ERR_UNSUPPORTED_TYPE", "a datatype of an unknown class");
  }
}

// Numbers in our own storage format, which are described by name.
bool is_named(const TypeInfo& info) { return info.element && !info.big_endian; }

DynamicValue describe_within(hid_t type, Within within) {
  const H5T_class_t type_class = call<H5Tget_class>(type);
  if (type_class == H5T_INTEGER || type_class == H5T_FLOAT || type_class == H5T_ENUM) {
    const TypeInfo info = describe(type);
    if (is_named(info)) return name_of(*info.element);
  }
  return described(type, size_of(type), within);
}

}  // namespace

DynamicValue describe_type(hid_t type) { return describe_within(type, {}); }

DynamicValue describe_type(const Dataset& dataset) {
  if (is_named(dataset.type())) return name_of(*dataset.type().element);
  const TypeId type(call<H5Dget_type>(dataset.id()));
  return described(type.get(), size_of(type.get()), {});
}

namespace {

TypeId make_named(const std::string& name) {
  if (const auto element = element_named(name)) return file_type(*element);
  throw Error("ERR_INVALID_ARGUMENT", "no datatype is named '" + name + "'");
}

}  // namespace

TypeId make_type(const DynamicValue& given) {
  if (given.is_object()) {
    // The named type itself: a copy would not be committed.
    call<H5Iinc_ref>(given.object()->id());
    return TypeId(given.object()->id());
  }
  if (given.is_text()) return make_named(given.text());
  const std::string& name = given["class"].text();
  if (name == "integer") {
    TypeId type(call<H5Tcopy>(given["signed"].flag() ? H5T_STD_I32LE : H5T_STD_U32LE));
    make_bits(type.get(), given);
    return type;
  }
  if (name == "bitfield") {
    TypeId type(call<H5Tcopy>(H5T_STD_B32LE));
    make_bits(type.get(), given);
    return type;
  }
  if (name == "float") return make_float(given);
  if (name == "time") return make_time(given);
  if (name == "string") return make_string(given);
  if (name == "enum") return make_enum(given);
  if (name == "compound") return make_compound(given);
  if (name == "reference") return make_reference(given["to"].text());
  if (name == "vlen") return TypeId(call<H5Tvlen_create>(make_type(given["base"]).get()));
  if (name == "array") {
    const Shape shape = given["shape"].shape();
    TypeId base = make_type(given["base"]);
    return TypeId(call<H5Tarray_create2>(base.get(), static_cast<unsigned>(shape.size()), shape.data()));
  }
  if (name == "opaque") {
    TypeId type(call<H5Tcreate>(H5T_OPAQUE, static_cast<std::size_t>(given["size"].count())));
    call<H5Tset_tag>(type.get(), given["tag"].text().c_str());
    return type;
  }
  throw Error("ERR_INVALID_ARGUMENT", "no datatype is of class '" + name + "'");
}

}  // namespace h5tracks::hdf5
