#include "hdf5/object/damage.h"

#include <hdf5.h>

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
             what + " has a type that came with HDF5 1.12, such as that of its references, which HDF5 " H5_VERS_INFO
                    " does not read; build h5tracks with its own HDF5, which does");
    return;
  }
#endif
  make_own(error, "ERR_DAMAGED",
           what + " is there but cannot be read: it is damaged, or of a newer HDF5 than " +
               std::to_string(H5_VERS_MAJOR) + '.' + std::to_string(H5_VERS_MINOR) + " (" + error.what() +
               "); verify() lists all that cannot be read, and the rest of the file still can be");
}

}  // namespace h5tracks::hdf5
