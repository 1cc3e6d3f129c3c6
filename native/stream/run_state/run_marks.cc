#include "stream/run_state/run_marks.h"

#include "hdf5/core/lock.h"
#include "hdf5/object/attribute.h"

namespace h5tracks::stream {

namespace {

constexpr char kRunId[] = "run_id", kClosedCleanly[] = "closed_cleanly", kBoxesTruncated[] = "boxes_truncated",
               kLosses[] = "losses";

void set_closed_cleanly(hdf5::File& file, const std::string& object, bool closed_cleanly) {
  const std::int8_t value = closed_cleanly ? 1 : 0;
  write_attribute(file, object, kClosedCleanly, {}, hdf5::Element::kBool, &value);
}

}  // namespace

void mark_open(hdf5::File& file, const std::string& object, const std::string& run_id) {
  {
    const hdf5::Lock lock;
    file.watch_locked(run_id);
  }
  write_attribute(file, object, kRunId, {}, {run_id});
  set_closed_cleanly(file, object, false);
  file.flush();
}

std::uint64_t marked_address(hdf5::File& file, const std::string& run_id) {
  const hdf5::Lock lock;
  const auto address = file.watched_at_locked();
  file.watch_locked("");
  if (!address) throw Error("ERR_HDF5", "the run id " + run_id + " was not found in what HDF5 wrote to the file");
  return *address;
}

void mark_closed(hdf5::File& file, const std::string& object, std::uint64_t truncated) {
  delete_attribute(file, object, kRunId);
  if (truncated > 0) write_attribute(file, object, kBoxesTruncated, {}, hdf5::Element::kUint64, &truncated);
  set_closed_cleanly(file, object, true);
}

void add_loss(hdf5::File& file, const std::string& object, const std::string& text) {
  hdf5::Strings losses = read_strings(file, object, kLosses);
  losses.push_back(text);
  write_attribute(file, object, kLosses, {losses.size()}, losses);
}

}  // namespace h5tracks::stream
