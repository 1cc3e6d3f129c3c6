// Converts native errors to JavaScript errors of the class that lib/ registered.
#pragma once

#include <new>
#include <string>

#include "binding/core/napi_setup.h"
#include "system/error.h"

namespace h5tracks::binding {

Napi::Value to_js(Napi::Env env, const Error& error);
[[noreturn]] void throw_js(Napi::Env env, const Error& error);

// Runs `body`, and throws its Error as a JavaScript error that names `path`.
template <typename Body>
auto guarded(Napi::Env env, const std::string& path, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (Error& error) {
    error.name_file(path);
    throw_js(env, error);
  } catch (const std::bad_alloc&) {
    throw_js(env, Error("ENOMEM", "not enough memory"));
  }
}

}  // namespace h5tracks::binding
