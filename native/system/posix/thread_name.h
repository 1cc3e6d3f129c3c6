// The name of a thread that the system's tools show. Knows the C library only.
#pragma once

namespace h5tracks::system {

// At most 15 characters.
void name_this_thread(const char* name);

}  // namespace h5tracks::system
