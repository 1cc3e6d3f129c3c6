// The N-API class NativeRows and the function `openRows` that lib/native declares: datasets that are read together, the
// same rows of each.
#pragma once

#include <memory>
#include <vector>

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

class Values;

class Rows : public Napi::ObjectWrap<Rows> {
 public:
  static Napi::Function define(Napi::Env env);
  // (group, paths): opens the datasets and describes them. Null if that is not possible.
  static Napi::Value open(const Napi::CallbackInfo& info);

  // (handles). open() passes none, and then sets the datasets.
  explicit Rows(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv) override;

 private:
  class Request;
  using Datasets = std::vector<std::shared_ptr<Values>>;

  Napi::Value handle(const Napi::CallbackInfo& info);
  Napi::Value lengths(const Napi::CallbackInfo& info);
  Napi::Value length(const Napi::CallbackInfo& info);
  // Both take (which or null, typed arrays, first, end, storedOnly).
  Napi::Value read(const Napi::CallbackInfo& info);
  void read_sync(const Napi::CallbackInfo& info);

  Datasets datasets_;
};

}  // namespace h5tracks::binding
