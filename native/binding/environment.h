// What this addon keeps for one JavaScript environment (the main thread's, or a worker's).
#pragma once

#include "binding/mailbox.h"
#include "binding/napi_setup.h"

namespace h5tracks::binding {

struct Environment {
  // Made once per environment, when the addon is loaded there.
  static void create(Napi::Env env);
  static Environment& of(Napi::Env env);

  std::shared_ptr<Mailbox> mailbox;
  Napi::FunctionReference error_class;
  Napi::FunctionReference file_class, handle_class;
};

}  // namespace h5tracks::binding
