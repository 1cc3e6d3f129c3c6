#include "hdf5/file/library_version.h"

#include "hdf5/core/words.h"

namespace h5tracks::hdf5 {

namespace {

constexpr Word<H5F_libver_t> kVersions[] = {
    {H5F_LIBVER_LATEST, "latest"}, {H5F_LIBVER_EARLIEST, "earliest"},
    {H5F_LIBVER_V18, "v108"},      {H5F_LIBVER_V110, "v110"},
#if H5_VERSION_GE(1, 12, 0)
    {H5F_LIBVER_V112, "v112"},
#endif
#if H5_VERSION_GE(1, 14, 0)
    {H5F_LIBVER_V114, "v114"},
#endif
};

}  // namespace

H5F_libver_t library_version_named(const std::string& name) { return number_of(kVersions, name); }

const char* name_of_library_version(H5F_libver_t version) { return word_of(kVersions, version); }

std::string hdf5_version() {
  return "HDF5 " + std::to_string(H5_VERS_MAJOR) + "." + std::to_string(H5_VERS_MINOR) + "." +
         std::to_string(H5_VERS_RELEASE);
}

}  // namespace h5tracks::hdf5
