// Sets up a JavaScript environment, and closes open writers when it or the process ends.
#pragma once

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// Called once per environment, when it loads the addon.
void begin_environment(Napi::Env env);

// Whether writers that are still open are closed when process.exit() is called on the main thread. False: lib/ calls
// close_writers() before.
bool closes_at_exit();
void close_writers(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
