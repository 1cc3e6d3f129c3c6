// How long the code of this addon stays in a process, and what it does last.
#pragma once

namespace h5tracks::system {

// Keeps the addon loaded until the process ends, because its threads and handlers run its code. Called once it is
// loaded.
void keep_loaded();

// Runs `last` when the process ends by exit(). False: it is not run, because the system ends all threads first
// (Windows).
bool at_exit(void (*last)());

}  // namespace h5tracks::system
