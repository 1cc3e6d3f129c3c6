#include "hdf5/containment.h"

#include "hdf5/call.h"

namespace h5tracks::hdf5 {

namespace {

herr_t refuse_traversal(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) { return -1; }

bool is_unlimited(hid_t properties) {
  std::size_t count = 0;
  call<H5Pget_virtual_count>(properties, &count);
  for (std::size_t i = 0; i < count; ++i) {
    SpaceId space(call<H5Pget_virtual_vspace>(properties, i));
    if (H5Sget_select_npoints(space.get()) < 0 ||
        H5Sget_select_npoints(space.get()) == static_cast<hssize_t>(H5S_UNLIMITED)) {
      H5Eclear2(H5E_DEFAULT);
      return true;
    }
  }
  return false;
}

void refuse(const char* how, const std::string& file_path, const std::string& path) {
  throw Error("ERR_FORMAT", "'" + path + "' of '" + file_path + "' keeps its values in other files (" + how +
                                "), which are not opened");
}

}  // namespace

PropertiesId contained_access(hid_t property_class) {
  PropertiesId properties(call<H5Pcreate>(property_class));
  call<H5Pset_elink_cb>(properties.get(), refuse_traversal, static_cast<void*>(nullptr));
  return properties;
}

void refuse_extent_elsewhere(hid_t dataset, const std::string& file_path, const std::string& path) {
  PropertiesId properties(call<H5Dget_create_plist>(dataset));
  if (call<H5Pget_layout>(properties.get()) == H5D_VIRTUAL && is_unlimited(properties.get())) {
    refuse("a virtual dataset", file_path, path);
  }
}

void refuse_values_elsewhere(hid_t dataset, const std::string& file_path, const std::string& path) {
  PropertiesId properties(call<H5Dget_create_plist>(dataset));
  const char* how = nullptr;
  if (call<H5Pget_layout>(properties.get()) == H5D_VIRTUAL) {
    how = "a virtual dataset";
  } else if (call<H5Pget_external_count>(properties.get()) > 0) {
    how = "external raw storage";
  }
  if (how) refuse(how, file_path, path);
}

}  // namespace h5tracks::hdf5
