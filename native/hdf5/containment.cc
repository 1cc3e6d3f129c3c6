#include "hdf5/containment.h"

#include "hdf5/call.h"

namespace h5tracks::hdf5 {

namespace {

herr_t refuse_traversal(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) { return -1; }

}  // namespace

PropertiesId contained_access(hid_t property_class) {
  PropertiesId properties(call<H5Pcreate>(property_class));
  call<H5Pset_elink_cb>(properties.get(), refuse_traversal, static_cast<void*>(nullptr));
  return properties;
}

void refuse_values_elsewhere(hid_t dataset, const std::string& file_path, const std::string& path) {
  PropertiesId properties(call<H5Dget_create_plist>(dataset));
  const char* how = nullptr;
  if (call<H5Pget_layout>(properties.get()) == H5D_VIRTUAL) {
    how = "a virtual dataset";
  } else if (call<H5Pget_external_count>(properties.get()) > 0) {
    how = "external raw storage";
  }
  if (!how) return;
  throw Error("ERR_FORMAT", "'" + path + "' of '" + file_path + "' keeps its values in other files (" + how +
                                "), which are not opened");
}

}  // namespace h5tracks::hdf5
