#include "hdf5/dataset/external_values.h"

#include "system/error.h"

namespace h5tracks::hdf5 {

namespace {

void refuse(const char* how, const std::string& file_path, const std::string& path) {
  throw Error("ERR_FORMAT", "'" + path + "' of '" + file_path + "' keeps its values in other files (" + how +
                                "), which are not opened");
}

}  // namespace

void refuse_external_extent(const Storage& storage, const std::string& file_path, const std::string& path) {
  if (storage.extent_depends_on_files) refuse("a virtual dataset", file_path, path);
}

void refuse_external_values(const Storage& storage, const std::string& file_path, const std::string& path) {
  if (storage.layout == H5D_VIRTUAL) refuse("a virtual dataset", file_path, path);
  if (storage.external) refuse("external raw storage", file_path, path);
}

}  // namespace h5tracks::hdf5
