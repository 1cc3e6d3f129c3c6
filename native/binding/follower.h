// The N-API class NativeFollower that lib/native declares.
#pragma once

#include <memory>

#include "binding/core/napi_setup.h"
#include "stream/recovery/follower.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

class Follower : public Napi::ObjectWrap<Follower> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit Follower(const Napi::CallbackInfo& info);

 private:
  Napi::Value look(const Napi::CallbackInfo& info);
  Napi::Value skeleton(const Napi::CallbackInfo& info);
  Napi::Value copy(const Napi::CallbackInfo& info);
  Napi::Value load(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  std::shared_ptr<stream::Follower> opened(Napi::Env env) const;

  // Null once closed. Work under way has its own copy.
  std::shared_ptr<stream::Follower> follower_;
  const std::shared_ptr<stream::EncodePool::Lane> lane_ = std::make_shared<stream::EncodePool::Lane>(1);
};

}  // namespace h5tracks::binding
