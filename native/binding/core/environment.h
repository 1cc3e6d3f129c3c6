// The addon's data for one JavaScript environment: that of the main thread or of a worker.
#pragma once

#include <memory>

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

class Mailbox;

struct Environment {
  // begin_environment (lifecycle.h) must have been called.
  static Environment& of(Napi::Env env);

  std::shared_ptr<Mailbox> mailbox;
  Napi::FunctionReference error_class;
  Napi::FunctionReference file_class, handle_class, rows_class, stream_class;
};

}  // namespace h5tracks::binding
