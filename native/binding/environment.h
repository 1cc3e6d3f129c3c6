// What this addon keeps for one JavaScript environment: the main thread's, or a worker's.
#pragma once

#include <memory>

#include "binding/napi_setup.h"

namespace h5tracks::binding {

class Mailbox;

struct Environment {
  // begin_environment (lifecycle.h) makes it.
  static Environment& of(Napi::Env env);

  std::shared_ptr<Mailbox> mailbox;
  Napi::FunctionReference error_class;
  Napi::FunctionReference file_class, handle_class;
};

}  // namespace h5tracks::binding
