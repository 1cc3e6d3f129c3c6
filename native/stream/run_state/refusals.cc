#include "stream/run_state/refusals.h"

namespace h5tracks::stream {

Error needs_recovery(const std::string& path, const std::string& remedy) {
  Error error("ERR_NEEDS_RECOVERY",
              "the writer of '" + path +
                  "' died; its last frames are in its journal: call recover(path) or run h5tracks recover <file> "
                  "to restore them" +
                  remedy);
  error.name_file(path);
  return error;
}

Error in_use(const std::string& path) {
  Error error("ERR_LOCKED", "'" + path + "' is locked: another process is writing or recovering it");
  error.name_file(path);
  return error;
}

}  // namespace h5tracks::stream
