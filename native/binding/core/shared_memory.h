// An ArrayBuffer over native memory, which it keeps alive.
#pragma once

#include <memory>
#include <utility>

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

template <typename Owner>
Napi::ArrayBuffer shared_memory(Napi::Env env, void* data, std::size_t bytes, std::shared_ptr<Owner> owner) {
  auto* holder = new std::shared_ptr<Owner>(std::move(owner));
  return Napi::ArrayBuffer::New(
      env, data, bytes, [](Napi::BasicEnv, void*, std::shared_ptr<Owner>* held) { delete held; }, holder);
}

}  // namespace h5tracks::binding
