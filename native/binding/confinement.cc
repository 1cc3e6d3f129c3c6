#include "binding/confinement.h"

#include <cerrno>

#include "binding/core/errors.h"
#include "stream/threads/threads.h"
#include "system/process/confinement.h"

namespace h5tracks::binding {

namespace {

void expect(const char* failed) {
  if (failed) throw system_error(errno, failed, "");
}

}  // namespace

void confine(const Napi::CallbackInfo& info) {
  const auto bytes = static_cast<std::uint64_t>(info[0].As<Napi::Number>().DoubleValue());
  guarded(info.Env(), "", [&] { expect(system::confine(bytes, stream::EncodePool::default_threads() + 1)); });
}

void allow_cpu(const Napi::CallbackInfo& info) {
  const double seconds = info[0].As<Napi::Number>().DoubleValue();
  guarded(info.Env(), "", [&] { expect(system::allow_cpu(seconds)); });
}

}  // namespace h5tracks::binding
