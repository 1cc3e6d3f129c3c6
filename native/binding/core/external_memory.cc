#include "binding/core/external_memory.h"

#include <cstdlib>
#include <cstring>

namespace h5tracks::binding {

namespace {

bool takes_external_memory(Napi::Env env) {
  const char* wanted = std::getenv("H5TRACKS_EXTERNAL_MEMORY");
  if (wanted && std::strcmp(wanted, "off") == 0) return false;
  static unsigned char tried[64];
  napi_value buffer = nullptr;
  const auto nothing = [](node_api_nogc_env, void*, void*) {};
  return napi_create_external_arraybuffer(env, tried, sizeof tried, nothing, nullptr, &buffer) == napi_ok;
}

}  // namespace

bool has_external_memory(Napi::Env env) {
  static const bool known = takes_external_memory(env);
  return known;
}

}  // namespace h5tracks::binding
