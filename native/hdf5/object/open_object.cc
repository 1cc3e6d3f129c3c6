#include "hdf5/object/open_object.h"

#include "hdf5/core/call.h"
#include "hdf5/dataset/open_dataset.h"
#include "hdf5/object/damage.h"
#include "hdf5/object/links.h"

namespace h5tracks::hdf5 {

namespace {

// `usual`: how datasets of the file are opened.
std::shared_ptr<Object> open(const Object& from, const std::string& path, const std::string& expected,
                             const PropertiesId& usual) {
  const char* name = path.empty() ? "." : path.c_str();
  try {
    ObjectId id;
    if (expected == "dataset") {
      // Faster than H5Oopen, which must first find out the kind of the object.
      id = ObjectId(H5Dopen2(from.id(), name, usual.get()));
      if (!id) H5Eclear2(H5E_DEFAULT);
    }
    if (!id) id = ObjectId(call<H5Oopen>(from.id(), name, from.file->access(H5P_LINK_ACCESS).get()));
    std::optional<Storage> storage;
    if (call<H5Iget_type>(id.get()) == H5I_DATASET) {
      storage = storage_of(id.get());
      // Close the first handle before opening the second: an open dataset keeps its cache.
      if (PropertiesId tuned = tuned_access(id.get(), *storage, usual.get())) {
        id.reset();
        id = ObjectId(call<H5Dopen2>(from.id(), name, tuned.get()));
      }
    }
    return Object::adopt(from.file, std::move(id), joined(from, path), std::move(storage));
  } catch (Error& error) {
    explain_missing(from, path, error);
    explain_damage("'" + joined(from, path) + "' of '" + from.file->path + "'", error);
    throw;
  }
}

}  // namespace

std::shared_ptr<Object> open_object(const Object& from, const std::string& path, const std::string& expected) {
  return open(from, path, expected, from.file->access(H5P_DATASET_ACCESS));
}

std::vector<std::shared_ptr<Object>> open_datasets(const Object& from, const std::vector<std::string>& paths) {
  const PropertiesId usual = from.file->access(H5P_DATASET_ACCESS);
  std::vector<std::shared_ptr<Object>> objects;
  objects.reserve(paths.size());
  for (const std::string& path : paths) {
    objects.push_back(open(from, path, "dataset", usual));
    static_cast<void>(objects.back()->dataset());
  }
  return objects;
}

}  // namespace h5tracks::hdf5
