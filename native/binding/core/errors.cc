#include "binding/core/errors.h"

#include "binding/core/environment.h"
#include "binding/core/text.h"

namespace h5tracks::binding {

namespace {

Napi::Array stack_to_js(Napi::Env env, const std::vector<ErrorFrame>& stack) {
  auto frames = Napi::Array::New(env, stack.size());
  for (std::uint32_t i = 0; i < stack.size(); ++i) {
    auto frame = Napi::Object::New(env);
    frame["function"] = stack[i].function;
    frame["major"] = stack[i].major;
    frame["minor"] = stack[i].minor;
    frame["text"] = text_to_js(env, stack[i].text);
    frames[i] = frame;
  }
  return frames;
}

}  // namespace

Napi::Value to_js(Napi::Env env, const Error& error) {
  auto fields = Napi::Object::New(env);
  fields["code"] = error.code;
  // Negative, as in Node's system errors.
  if (error.error_number) fields["errno"] = -error.error_number;
  if (!error.syscall.empty()) fields["syscall"] = error.syscall;
  if (!error.path.empty()) fields["path"] = error.path;
  if (!error.stack.empty()) fields["hdf5"] = stack_to_js(env, error.stack);
  const auto message = text_to_js(env, error.what());
  return Environment::of(env).error_class.New({message, fields});
}

void throw_js(Napi::Env env, const Error& error) { throw Napi::Error(env, to_js(env, error)); }

}  // namespace h5tracks::binding
