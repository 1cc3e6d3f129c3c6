#include "hdf5/lock.h"

#include <hdf5.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "hdf5/call.h"

namespace h5tracks::hdf5 {

namespace {

// Never destroyed: threads of ours may still stand here while static destructors run.
std::mutex& library_mutex() {
  static auto* mutex = new std::mutex;
  return *mutex;
}

// HDF5's own file locking stays off (we hold our own, see file_lock.h), but this variable would
// override the property that says so. HDF5 reads it once, when its file code first runs: make that
// happen now, with the variable out of sight, and put it back for child processes.
void initialise_without_locking_variable() {
  static const char kName[] = "HDF5_USE_FILE_LOCKING";
  std::optional<std::string> value;
  if (const char* set = std::getenv(kName)) value = set;
  if (value) unsetenv(kName);
  H5open();
  const hid_t memory = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_sec2(memory);
  H5Pset_fapl_core(memory, 4096, false);
  const hid_t file = H5Fcreate("h5tracks-warm-up", H5F_ACC_TRUNC, H5P_DEFAULT, memory);
  H5Fclose(file);
  H5Pclose(memory);
  if (value) setenv(kName, value->c_str(), 1);
  // No code of others is loaded because a file asks for it.
  H5PLset_loading_state(0);
}

}  // namespace

Lock::Lock() : held_(library_mutex()) {
  static bool initialised = false;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  if (initialised) return;
  initialise_without_locking_variable();
  initialised = true;
}

}  // namespace h5tracks::hdf5
