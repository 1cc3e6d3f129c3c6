#include "stream/run_state/run_marks.h"

#include "hdf5/core/lock.h"

namespace h5tracks::stream {

namespace {

constexpr char kRunId[] = "run_id", kClosedCleanly[] = "closed_cleanly", kBoxesTruncated[] = "boxes_truncated",
               kLosses[] = "losses";

void set_closed_cleanly(hdf5::File& file, const std::string& object, bool closed_cleanly) {
  const std::int8_t value = closed_cleanly ? 1 : 0;
  file.write_attribute(object, kClosedCleanly, {}, hdf5::Element::kBool, &value);
}

}  // namespace

void mark_open(hdf5::File& file, const std::string& object, const std::string& run_id) {
  {
    const hdf5::Lock lock;
    file.watch_locked(run_id);
  }
  file.write_attribute(object, kRunId, {}, {run_id});
  set_closed_cleanly(file, object, false);
  file.flush();
}

std::uint64_t marked_address(hdf5::File& file, const std::string& run_id) {
  const hdf5::Lock lock;
  const auto address = file.watched_at_locked();
  file.watch_locked("");
  if (!address) throw hdf5::Error("ERR_HDF5", "the run id " + run_id + " was not seen on its way into the file");
  return *address;
}

void mark_closed(hdf5::File& file, const std::string& object, std::uint64_t truncated) {
  file.delete_attribute(object, kRunId);
  if (truncated > 0) file.write_attribute(object, kBoxesTruncated, {}, hdf5::Element::kUint64, &truncated);
  set_closed_cleanly(file, object, true);
}

void add_loss(hdf5::File& file, const std::string& object, const std::string& text) {
  hdf5::Strings losses = file.read_strings(object, kLosses);
  losses.push_back(text);
  file.write_attribute(object, kLosses, {losses.size()}, losses);
}

}  // namespace h5tracks::stream
