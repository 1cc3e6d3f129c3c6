// Limits that a process sets for itself before it reads untrusted files. Knows not HDF5.
#pragma once

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// confine(bytes): from now on this process may allocate `bytes` more bytes of memory, leaves no core dump, and is
// killed when the thread that started it ends.
void confine(const Napi::CallbackInfo& info);

// allowCpu(seconds): the system kills the process after that many more seconds of CPU time.
void allow_cpu(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
