#include "hdf5/damage.h"

#include <hdf5.h>

namespace h5tracks::hdf5 {

void make_own(Error& error, const char* code, const std::string& message) {
  Error own(code, message);
  own.stack = std::move(error.stack);
  error = std::move(own);
}

void explain_damage(const std::string& what, Error& error) {
  if (error.code != "ERR_HDF5") return;
  make_own(error, "ERR_DAMAGED",
           what + " is there but cannot be read: it is damaged, or of a newer HDF5 than " +
               std::to_string(H5_VERS_MAJOR) + '.' + std::to_string(H5_VERS_MINOR) + " (" + error.what() +
               "); verify() lists all that cannot be read, and the rest of the file still can be");
}

}  // namespace h5tracks::hdf5
