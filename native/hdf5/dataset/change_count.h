// Counts the changes of a dataset's values in this process, through all of its handles: a cache compares the count to
// know whether its copies are still valid. Appended rows are not counted.
#pragma once

#include <hdf5.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace h5tracks::hdf5 {

using ChangeCount = std::atomic<std::uint64_t>;

// The same for all handles of the same dataset that are open at a time. Caller holds the Lock.
std::shared_ptr<ChangeCount> change_count_of(hid_t dataset);

}  // namespace h5tracks::hdf5
