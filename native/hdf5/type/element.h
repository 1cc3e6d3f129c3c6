// The element types that a typed array can hold exactly, and the description of a datatype in a file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

enum class Element {
  kInt8,
  kUint8,
  kInt16,
  kUint16,
  kInt32,
  kUint32,
  kInt64,
  kUint64,
  kFloat32,
  kFloat64,
  kBool,  // h5py's bool: an enum over int8 {FALSE = 0, TRUE = 1}
};

const char* name_of(Element element);
std::optional<Element> element_named(const std::string& name);
std::size_t size_of(Element element);

// The type in memory, and as we store it (little-endian). Do not modify them: they are shared. The caller holds the
// Lock.
TypeId memory_type(Element element);
TypeId file_type(Element element);

// Elements of a typed array that have the bytes of a value. More than one: the bytes of a string.
struct StoredElements {
  Element element;
  std::size_t count = 1;
};

struct TypeInfo {
  std::string class_name;
  std::size_t size = 0;
  std::optional<Element> element;
  bool big_endian = false;
  // How values lie in a typed array without conversion, except for a byte swap: those of an element as themselves, of
  // an enum as its integers, of an IEEE float of 2 bytes as uint16, of a fixed-length, null-padded string as uint8.
  std::optional<StoredElements> stored;
};

TypeInfo describe(hid_t type);
// An IEEE float of 2 bytes. Shared, as the types above. The caller holds the Lock.
TypeId half_type(bool big_endian);

}  // namespace h5tracks::hdf5
