// Sets up a JavaScript environment, and closes open writers when it or the process ends.
#pragma once

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// Called once per environment, when it loads the addon.
void begin_environment(Napi::Env env);

}  // namespace h5tracks::binding
