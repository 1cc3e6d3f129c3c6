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
  info.big_endian = info.size > 1 && info.element && H5Tget_order(type) == H5T_ORDER_BE;
  return info;
}

}  // namespace h5tracks::hdf5
