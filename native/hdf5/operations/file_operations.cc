// Operations on a whole file, called on any of its objects.
#include "hdf5/core/call.h"
#include "hdf5/description/virtual_dataset.h"
#include "hdf5/file/file.h"
#include "hdf5/file/image.h"
#include "hdf5/file/library_version.h"
#include "hdf5/object/object.h"
#include "hdf5/object/skeleton.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

DynamicValue flush(const DynamicValue& args) {
  args[0].object()->file->flush_locked();
  return {};
}

DynamicValue size(const DynamicValue& args) { return DynamicValue::count(args[0].object()->file->size()); }

DynamicValue image(const DynamicValue& args) { return DynamicValue::bytes(args[0].object()->file->image_locked()); }

// (object, the datasets to copy without their rows: [path, rows of a chunk or 0], those whose copies are virtual:
// { path, shape, sources })
DynamicValue make_skeleton(const DynamicValue& args) {
  Emptied emptied;
  for (const DynamicValue& one : args[1].list()) emptied.emplace(one[0].text(), one[1].count());
  VirtualCopies copies;
  if (args[2]) {
    for (const DynamicValue& one : args[2].list()) {
      const auto add = [&one](hid_t properties, hid_t space) { set_virtual(properties, one["sources"].list(), space); };
      copies.emplace(one["path"].text(), VirtualCopy{one["shape"].shape(), add});
    }
  }
  std::vector<std::string> lost;
  DynamicValue bytes = DynamicValue::bytes(skeleton(args[0].object()->file->id(), emptied, lost, copies));
  List names;
  for (const std::string& one : lost) names.emplace_back(one);
  return Map{{"image", std::move(bytes)}, {"lost", std::move(names)}};
}

DynamicValue start_swmr(const DynamicValue& args) {
  args[0].object()->file->start_swmr_locked();
  return {};
}

// The options with which the file was created.
DynamicValue creation(const DynamicValue& args) {
  FileId file(call<H5Iget_file_id>(args[0].object()->id()));
  PropertiesId properties(call<H5Fget_create_plist>(file.get())), access(call<H5Fget_access_plist>(file.get()));
  hsize_t userblock = 0;
  call<H5Pget_userblock>(properties.get(), &userblock);
  unsigned order = 0;
  call<H5Pget_link_creation_order>(properties.get(), &order);
  H5F_libver_t low = H5F_LIBVER_EARLIEST, high = H5F_LIBVER_LATEST;
  call<H5Pget_libver_bounds>(access.get(), &low, &high);
  H5F_info2_t info;
  call<H5Fget_info2>(file.get(), &info);
  return Map{{"userblock", DynamicValue::count(userblock)},
             {"trackOrder", (order & H5P_CRT_ORDER_TRACKED) != 0},
             {"superblock", info.super.version},
             {"libver", List{name_of_library_version(low), name_of_library_version(high)}}};
}

}  // namespace

const Operations& file_operations() {
  static const Operations operations = {{"file.flush", flush},
                                        {"file.size", size},
                                        {"file.image", image},
                                        {"file.skeleton", make_skeleton},
                                        {"file.startSwmr", start_swmr, true},
                                        {"file.creation", creation}};
  return operations;
}

}  // namespace h5tracks::hdf5
