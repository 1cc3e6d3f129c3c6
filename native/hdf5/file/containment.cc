#include "hdf5/file/containment.h"

#include <map>

#include "hdf5/core/call.h"

namespace h5tracks::hdf5 {

namespace {

herr_t refuse_traversal(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) { return -1; }

}  // namespace

PropertiesId contained_access(hid_t property_class) {
  // Cached by class, because creating a list takes as long as opening something with it.
  static auto* made = new std::map<hid_t, hid_t>;
  auto found = made->find(property_class);
  if (found == made->end()) {
    PropertiesId properties(call<H5Pcreate>(property_class));
    call<H5Pset_elink_cb>(properties.get(), refuse_traversal, static_cast<void*>(nullptr));
    found = made->emplace(property_class, properties.release()).first;
  }
  return shared<PropertiesId>(found->second);
}

}  // namespace h5tracks::hdf5
