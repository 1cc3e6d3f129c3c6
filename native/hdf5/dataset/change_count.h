// Counts the changes of a dataset's values in this process, through any of its handles. A cache compares the count to
// know whether its copies are still valid. Appended rows do not count.
#pragma once

#include <hdf5.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace h5tracks::hdf5 {

using ChangeCount = std::atomic<std::uint64_t>;

// All open handles of a dataset share one count. The caller holds the Lock.
std::shared_ptr<ChangeCount> change_count_of(hid_t dataset);

}  // namespace h5tracks::hdf5
