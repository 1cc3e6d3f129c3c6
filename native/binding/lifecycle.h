// The beginning of a JavaScript environment, and how it and the process end: open writers are closed with their rows.
#pragma once

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// Once per environment, when the addon is loaded there.
void begin_environment(Napi::Env env);

}  // namespace h5tracks::binding
