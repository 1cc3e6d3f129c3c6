#include "hdf5/type/memory_layout.h"

#include "hdf5/core/call.h"
#include "hdf5/core/lock.h"

namespace h5tracks::hdf5 {

namespace {

bool is_number(H5T_class_t type_class) { return type_class == H5T_INTEGER || type_class == H5T_FLOAT; }

// Whether elements contain no pointers: no strings or sequences of variable length, no references.
bool is_flat(hid_t type) {
  switch (call<H5Tget_class>(type)) {
    case H5T_VLEN:
    case H5T_REFERENCE:
      return false;
    case H5T_STRING:
      return call<H5Tis_variable_str>(type) == 0;
    case H5T_ARRAY: {
      const TypeId base(call<H5Tget_super>(type));
      return is_flat(base.get());
    }
    case H5T_COMPOUND: {
      const int members = call<H5Tget_nmembers>(type);
      for (int i = 0; i < members; ++i) {
        const TypeId member(call<H5Tget_member_type>(type, static_cast<unsigned>(i)));
        if (!is_flat(member.get())) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

TypeId native_of(hid_t stored) {
  TypeId memory(call<H5Tcopy>(stored));
  if (is_number(call<H5Tget_class>(stored)) && H5Tget_order(stored) != H5T_ORDER_VAX) {
    call<H5Tset_order>(memory.get(), H5Tget_order(H5T_NATIVE_INT));
  }
  return memory;
}

// Whether two types of numbers without unused bits differ at most in byte order. Not for enums: HDF5 converts only
// those of their values that have a name.
bool differ_by_order(hid_t stored, hid_t memory) {
  const H5T_class_t type_class = call<H5Tget_class>(stored);
  if (type_class != call<H5Tget_class>(memory) || !is_number(type_class)) return false;
  const std::size_t size = H5Tget_size(stored);
  if (H5Tget_precision(stored) != 8 * size) return false;
  const H5T_order_t order = H5Tget_order(memory);
  if ((order != H5T_ORDER_LE && order != H5T_ORDER_BE) || H5Tget_order(stored) == H5T_ORDER_VAX) return false;
  TypeId reordered(call<H5Tcopy>(stored));
  call<H5Tset_order>(reordered.get(), order);
  return call<H5Tequal>(reordered.get(), memory) > 0;
}

}  // namespace

MemoryLayout::MemoryLayout(hid_t stored, TypeId memory) : size(H5Tget_size(memory.get())), memory_(std::move(memory)) {
  if (call<H5Tequal>(stored, memory_.get()) > 0) {
    if (is_flat(stored)) swapped = 0;
  } else if (differ_by_order(stored, memory_.get())) {
    swapped = size;
  }
}

MemoryLayout MemoryLayout::native(hid_t stored) { return MemoryLayout(stored, native_of(stored)); }

MemoryLayout MemoryLayout::native(Element element, bool big_endian) {
  MemoryLayout layout;
  layout.memory_ = memory_type(element);
  layout.size = size_of(element);
  const bool native_is_big = H5Tget_order(H5T_NATIVE_INT) == H5T_ORDER_BE;
  layout.swapped = layout.size > 1 && big_endian != native_is_big ? layout.size : 0;
  return layout;
}

MemoryLayout::~MemoryLayout() {
  if (!memory_) return;
  const Lock lock;
  memory_.reset();
}

}  // namespace h5tracks::hdf5
