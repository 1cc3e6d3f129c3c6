// Sets up a JavaScript environment, and closes open writers when it or the process ends.
#pragma once

#include "binding/napi_setup.h"

namespace h5tracks::binding {

// Once per environment, when the addon is loaded there.
void begin_environment(Napi::Env env);

}  // namespace h5tracks::binding
