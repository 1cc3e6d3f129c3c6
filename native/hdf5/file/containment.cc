#include "hdf5/file/containment.h"

#include <map>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

herr_t refuse_traversal(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) { return -1; }

void refuse(const char* how, const std::string& file_path, const std::string& path) {
  throw Error("ERR_FORMAT", "'" + path + "' of '" + file_path + "' keeps its values in other files (" + how +
                                "), which are not opened");
}

}  // namespace

PropertiesId contained_access(hid_t property_class) {
  // Made once of each class: making one takes as long as opening something with it.
  static auto* made = new std::map<hid_t, hid_t>;
  auto found = made->find(property_class);
  if (found == made->end()) {
    PropertiesId properties(call<H5Pcreate>(property_class));
    call<H5Pset_elink_cb>(properties.get(), refuse_traversal, static_cast<void*>(nullptr));
    found = made->emplace(property_class, properties.release()).first;
  }
  return shared<PropertiesId>(found->second);
}

void refuse_extent_elsewhere(const Storage& storage, const std::string& file_path, const std::string& path) {
  if (storage.extent_depends_on_files) refuse("a virtual dataset", file_path, path);
}

void refuse_values_elsewhere(const Storage& storage, const std::string& file_path, const std::string& path) {
  if (storage.layout == H5D_VIRTUAL) refuse("a virtual dataset", file_path, path);
  if (storage.external) refuse("external raw storage", file_path, path);
}

}  // namespace h5tracks::hdf5
