// How often the values of a dataset were changed in this process, through whichever handle: by this those who keep
// copies of values know whether they still hold. Rows that are only appended change no values.
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
