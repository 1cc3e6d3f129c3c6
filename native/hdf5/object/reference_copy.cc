#include "hdf5/object/reference_copy.h"

#include <cstring>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

using Renewed = std::function<hobj_ref_t(hobj_ref_t)>;

void renew_one(hid_t type, unsigned char* value, const Renewed& renewed);

void renew_members(hid_t type, unsigned char* value, const Renewed& renewed) {
  const int members = call<H5Tget_nmembers>(type);
  for (unsigned i = 0; i < static_cast<unsigned>(members); ++i) {
    const TypeId member(call<H5Tget_member_type>(type, i));
    renew_one(member.get(), value + H5Tget_member_offset(type, i), renewed);
  }
}

void renew_sequence(hid_t type, unsigned char* value, const Renewed& renewed) {
  hvl_t sequence;
  std::memcpy(&sequence, value, sizeof sequence);
  const TypeId base(call<H5Tget_super>(type));
  if (sequence.p) renew_references(base.get(), static_cast<unsigned char*>(sequence.p), sequence.len, renewed);
}

void renew_array(hid_t type, unsigned char* value, const Renewed& renewed) {
  const TypeId base(call<H5Tget_super>(type));
  renew_references(base.get(), value, H5Tget_size(type) / H5Tget_size(base.get()), renewed);
}

void renew_one(hid_t type, unsigned char* value, const Renewed& renewed) {
  switch (call<H5Tget_class>(type)) {
    case H5T_COMPOUND:
      return renew_members(type, value, renewed);
    case H5T_VLEN:
      return renew_sequence(type, value, renewed);
    case H5T_ARRAY:
      return renew_array(type, value, renewed);
    case H5T_REFERENCE: {
      hobj_ref_t reference;
      std::memcpy(&reference, value, sizeof reference);
      if (reference != 0) reference = renewed(reference);
      std::memcpy(value, &reference, sizeof reference);
      return;
    }
    default:
      return;
  }
}

}  // namespace

bool has_references(hid_t type) { return call<H5Tdetect_class>(type, H5T_REFERENCE) > 0; }

bool has_only_object_references(hid_t type) {
  switch (call<H5Tget_class>(type)) {
    case H5T_REFERENCE:
      return call<H5Tequal>(type, H5T_STD_REF_OBJ) > 0;
    case H5T_VLEN:
    case H5T_ARRAY:
      return has_only_object_references(TypeId(call<H5Tget_super>(type)).get());
    case H5T_COMPOUND: {
      const int members = call<H5Tget_nmembers>(type);
      for (unsigned i = 0; i < static_cast<unsigned>(members); ++i) {
        if (!has_only_object_references(TypeId(call<H5Tget_member_type>(type, i)).get())) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

void renew_references(hid_t type, unsigned char* values, std::size_t count, const Renewed& renewed) {
  if (!has_references(type)) return;
  const std::size_t size = H5Tget_size(type);
  for (std::size_t i = 0; i < count; ++i) renew_one(type, values + i * size, renewed);
}

}  // namespace h5tracks::hdf5
