#include "hdf5/object/creation_order.h"

#include <string>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

PropertiesId creation_of(const Object& object) {
  const std::string kind = object.kind();
  if (kind == "group") return PropertiesId(call<H5Gget_create_plist>(object.id()));
  if (kind == "dataset") return PropertiesId(call<H5Dget_create_plist>(object.id()));
  return PropertiesId(call<H5Tget_create_plist>(object.id()));
}

}  // namespace

bool tracks_links(const Object& object) {
  if (!object.is_group()) return false;
  unsigned flags = 0;
  call<H5Pget_link_creation_order>(creation_of(object).get(), &flags);
  return (flags & H5P_CRT_ORDER_TRACKED) != 0;
}

bool tracks_attributes(const Object& object) {
  unsigned flags = 0;
  call<H5Pget_attr_creation_order>(creation_of(object).get(), &flags);
  return (flags & H5P_CRT_ORDER_TRACKED) != 0;
}

}  // namespace h5tracks::hdf5
