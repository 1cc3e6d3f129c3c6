#include "hdf5/type/element.h"

#include <iterator>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

struct Row {
  Element element;
  const char* name;
  std::size_t size;
  H5T_class_t type_class;
};

constexpr Row kRows[] = {
    {Element::kInt8, "int8", 1, H5T_INTEGER},     {Element::kUint8, "uint8", 1, H5T_INTEGER},
    {Element::kInt16, "int16", 2, H5T_INTEGER},   {Element::kUint16, "uint16", 2, H5T_INTEGER},
    {Element::kInt32, "int32", 4, H5T_INTEGER},   {Element::kUint32, "uint32", 4, H5T_INTEGER},
    {Element::kInt64, "int64", 8, H5T_INTEGER},   {Element::kUint64, "uint64", 8, H5T_INTEGER},
    {Element::kFloat32, "float32", 4, H5T_FLOAT}, {Element::kFloat64, "float64", 8, H5T_FLOAT},
    {Element::kBool, "bool", 1, H5T_ENUM},
};

const Row& row_of(Element element) { return kRows[static_cast<std::size_t>(element)]; }

TypeId make_bool() {
  TypeId type(call<H5Tenum_create>(H5T_NATIVE_INT8));
  const signed char no = 0, yes = 1;
  call<H5Tenum_insert>(type.get(), "FALSE", &no);
  call<H5Tenum_insert>(type.get(), "TRUE", &yes);
  return type;
}

hid_t predefined(Element element, bool in_memory) {
  switch (element) {
    case Element::kInt8:
      return in_memory ? H5T_NATIVE_INT8 : H5T_STD_I8LE;
    case Element::kUint8:
      return in_memory ? H5T_NATIVE_UINT8 : H5T_STD_U8LE;
    case Element::kInt16:
      return in_memory ? H5T_NATIVE_INT16 : H5T_STD_I16LE;
    case Element::kUint16:
      return in_memory ? H5T_NATIVE_UINT16 : H5T_STD_U16LE;
    case Element::kInt32:
      return in_memory ? H5T_NATIVE_INT32 : H5T_STD_I32LE;
    case Element::kUint32:
      return in_memory ? H5T_NATIVE_UINT32 : H5T_STD_U32LE;
    case Element::kInt64:
      return in_memory ? H5T_NATIVE_INT64 : H5T_STD_I64LE;
    case Element::kUint64:
      return in_memory ? H5T_NATIVE_UINT64 : H5T_STD_U64LE;
    case Element::kFloat32:
      return in_memory ? H5T_NATIVE_FLOAT : H5T_IEEE_F32LE;
    case Element::kFloat64:
      return in_memory ? H5T_NATIVE_DOUBLE : H5T_IEEE_F64LE;
    case Element::kBool:
      break;
  }
  return H5I_INVALID_HID;
}

TypeId made(Element element, bool in_memory) {
  static const hid_t of_bool = make_bool().release();
  return shared<TypeId>(element == Element::kBool ? of_bool : predefined(element, in_memory));
}

std::string class_name(H5T_class_t type_class) {
  switch (type_class) {
    case H5T_INTEGER:
      return "integer";
    case H5T_FLOAT:
      return "float";
    case H5T_TIME:
      return "time";
    case H5T_STRING:
      return "string";
    case H5T_BITFIELD:
      return "bitfield";
    case H5T_OPAQUE:
      return "opaque";
    case H5T_COMPOUND:
      return "compound";
    case H5T_REFERENCE:
      return "reference";
    case H5T_ENUM:
      return "enum";
    case H5T_VLEN:
      return "vlen";
    case H5T_ARRAY:
      return "array";
    default:
      return "unknown";
  }
}

// The element of a file type, in either byte order. None if the type has an unusual precision or offset.
std::optional<Element> element_of(hid_t type, H5T_class_t type_class, std::size_t size) {
  if (type_class == H5T_ENUM) {
    return call<H5Tequal>(type, file_type(Element::kBool).get()) > 0 ? std::optional(Element::kBool) : std::nullopt;
  }
  if (type_class != H5T_INTEGER && type_class != H5T_FLOAT) return std::nullopt;
  TypeId little_endian;
  if (size > 1 && H5Tget_order(type) != H5T_ORDER_LE) {
    little_endian = TypeId(call<H5Tcopy>(type));
    call<H5Tset_order>(little_endian.get(), H5T_ORDER_LE);
  }
  for (const Row& row : kRows) {
    if (row.type_class != type_class || row.size != size) continue;
    if (call<H5Tequal>(little_endian ? little_endian.get() : type, predefined(row.element, false)) > 0)
      return row.element;
  }
  return std::nullopt;
}

// Integers of an enum in the machine's byte order only: HDF5 swaps just those of its values that have a name.
std::optional<StoredElements> stored_as(hid_t type, const TypeInfo& info, H5T_class_t type_class) {
  if (info.element) return StoredElements{*info.element};
  if (type_class == H5T_ENUM) {
    const TypeId base(call<H5Tget_super>(type));
    const auto element = element_of(base.get(), H5T_INTEGER, info.size);
    const bool swapped = info.size > 1 && H5Tget_order(base.get()) != H5T_ORDER_LE;
    return element && !swapped ? std::optional(StoredElements{*element}) : std::nullopt;
  }
  if (type_class == H5T_FLOAT && info.size == 2) {
    const bool big_endian = H5Tget_order(type) == H5T_ORDER_BE;
    if (call<H5Tequal>(type, half_type(big_endian).get()) > 0) return StoredElements{Element::kUint16};
  }
  if (type_class == H5T_STRING && call<H5Tis_variable_str>(type) == 0 && H5Tget_strpad(type) == H5T_STR_NULLPAD) {
    return StoredElements{Element::kUint8, info.size};
  }
  return std::nullopt;
}

}  // namespace

const char* name_of(Element element) { return row_of(element).name; }

std::size_t size_of(Element element) { return row_of(element).size; }

std::optional<Element> element_named(const std::string& name) {
  for (const Row& row : kRows) {
    if (name == row.name) return row.element;
  }
  return std::nullopt;
}

TypeId memory_type(Element element) { return made(element, true); }

TypeId file_type(Element element) { return made(element, false); }

TypeInfo describe(hid_t type) {
  TypeInfo info;
  const H5T_class_t type_class = H5Tget_class(type);
  if (type_class == H5T_NO_CLASS) throw take_error();
  info.class_name = class_name(type_class);
  info.size = H5Tget_size(type);
  info.element = element_of(type, type_class, info.size);
  info.stored = stored_as(type, info, type_class);
  const bool has_order = info.element || type_class == H5T_FLOAT;
  info.big_endian = info.size > 1 && info.stored && has_order && H5Tget_order(type) == H5T_ORDER_BE;
  return info;
}

TypeId half_type(bool big_endian) {
  const auto make = [](H5T_order_t order) {
    TypeId type(call<H5Tcopy>(H5T_IEEE_F32LE));
    call<H5Tset_fields>(type.get(), std::size_t{15}, std::size_t{10}, std::size_t{5}, std::size_t{0}, std::size_t{10});
    call<H5Tset_ebias>(type.get(), std::size_t{15});
    call<H5Tset_precision>(type.get(), std::size_t{16});
    call<H5Tset_size>(type.get(), std::size_t{2});
    call<H5Tset_order>(type.get(), order);
    return type.release();
  };
  static const hid_t little = make(H5T_ORDER_LE), big = make(H5T_ORDER_BE);
  return shared<TypeId>(big_endian ? big : little);
}

}  // namespace h5tracks::hdf5
