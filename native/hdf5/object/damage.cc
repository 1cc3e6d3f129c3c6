#include "hdf5/object/damage.h"

#include <hdf5.h>

#include "hdf5/file/library_version.h"

namespace h5tracks::hdf5 {

void make_own(Error& error, const char* code, const std::string& message) {
  Error own(code, message);
  own.stack = std::move(error.stack);
  error = std::move(own);
}

void explain_damage(const std::string& what, Error& error) {
  if (error.code != "ERR_HDF5") return;
#if !H5_VERSION_GE(1, 12, 0)
  // References of HDF5 1.12 have a datatype message of a newer version.
  if (!error.stack.empty() && error.stack.back().text == "bad version number for datatype message") {
    make_own(error, "ERR_UNSUPPORTED",
             what + " has a type that HDF5 1.12 introduced, such as that of its references, which " + hdf5_version() +
                 " cannot read; build h5tracks with its own HDF5, which can");
    return;
  }
#endif
  make_own(error, "ERR_DAMAGED",
           what + " exists but cannot be read: it is damaged, or was written by a newer HDF5 than " +
               std::to_string(H5_VERS_MAJOR) + '.' + std::to_string(H5_VERS_MINOR) + " (" + error.what() +
               "); verify() lists everything that cannot be read, and the rest of the file can still be read");
}

}  // namespace h5tracks::hdf5
