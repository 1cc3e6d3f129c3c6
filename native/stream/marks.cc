#include "stream/marks.h"

#include "hdf5/lock.h"

namespace h5tracks::stream {

namespace {

constexpr char kRunId[] = "run_id", kClosedCleanly[] = "closed_cleanly";

}  // namespace

void mark_file(hdf5::File& file, const std::string& object, const std::string& run_id, bool closed_cleanly) {
  {
    const hdf5::Lock lock;
    file.watch_locked(run_id);
  }
  file.write_attribute(object, kRunId, {}, {run_id});
  mark_closed(file, object, closed_cleanly);
  file.flush();
}

std::uint64_t marked_address(hdf5::File& file, const std::string& run_id) {
  const hdf5::Lock lock;
  const auto address = file.watched_at_locked();
  file.watch_locked("");
  if (!address) throw hdf5::Error("ERR_HDF5", "the run id " + run_id + " was not seen on its way into the file");
  return *address;
}

void mark_closed(hdf5::File& file, const std::string& object, bool closed_cleanly) {
  const std::int8_t value = closed_cleanly ? 1 : 0;
  file.write_attribute(object, kClosedCleanly, {}, hdf5::Element::kBool, &value);
}

}  // namespace h5tracks::stream
