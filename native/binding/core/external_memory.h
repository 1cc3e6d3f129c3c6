// ArrayBuffers over native memory. Some embedders refuse them: Electron, and every build of V8 with its sandbox.
// There, V8 allocates the memory of results, and the rows of a block are copied into it when they are accepted.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

// Whether the engine takes native memory. Found out once in a process, by trying. The environment variable
// H5TRACKS_EXTERNAL_MEMORY=off makes it false.
bool has_external_memory(Napi::Env env);

// An ArrayBuffer over memory that `owner` keeps alive. Nothing if the engine does not take it; the caller then copies.
template <typename Owner>
std::optional<Napi::ArrayBuffer> external_buffer(Napi::Env env, void* data, std::size_t bytes,
                                                 std::shared_ptr<Owner> owner) {
  if (!has_external_memory(env)) return std::nullopt;
  auto* holder = new std::shared_ptr<Owner>(std::move(owner));
  const auto drop = [](node_api_nogc_env, void*, void* held) { delete static_cast<std::shared_ptr<Owner>*>(held); };
  napi_value buffer = nullptr;
  if (napi_create_external_arraybuffer(env, data, bytes, drop, holder, &buffer) != napi_ok) {
    delete holder;
    return std::nullopt;
  }
  return Napi::ArrayBuffer(env, buffer);
}

}  // namespace h5tracks::binding
