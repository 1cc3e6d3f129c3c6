// New files of this process that HDF5 has not opened yet. HDF5 refuses to open a file for writing while it is open for
// reading, so a reader in the writer's process lets the writer's file be opened first. The caller holds the Lock.
#pragma once

#include <functional>

#include "system/file_lock.h"

namespace h5tracks::hdf5 {

// `lock`: of the file, which identifies it; it outlives the entry.
void add_unopened(const system::FileLock& lock, std::function<void()> open);
void remove_unopened(const system::FileLock& lock);
// Opens the new file that `reader` is a lock of, if there is one.
void open_unopened(const system::FileLock& reader);

}  // namespace h5tracks::hdf5
