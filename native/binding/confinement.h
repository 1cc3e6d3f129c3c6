// Limits that a process sets to itself before it reads what it does not trust. Knows the operating system; no HDF5.
#pragma once

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// confine(bytes): from now on this process may take so many bytes of memory more, leaves no core dump, and dies with
// the thread that started it.
void confine(const Napi::CallbackInfo& info);

// allowCpu(seconds): the process is ended by the system when it has used so many seconds of processor time more.
void allow_cpu(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
