#include "binding/follower.h"

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/values.h"

namespace h5tracks::binding {

Napi::Function Follower::define(Napi::Env env) {
  return DefineClass(env, "Follower",
                     {InstanceMethod<&Follower::look>("look"), InstanceMethod<&Follower::read>("read")});
}

Follower::Follower(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  const std::string path = info[0].As<Napi::String>();
  follower_ = guarded(env, path, [&] {
    auto follower = stream::Follower::open(path);
    if (!follower) throw hdf5::Error("ENOENT", "no journal lies beside '" + path + "'");
    return follower;
  });
  auto columns = Napi::Array::New(env);
  for (const auto& column : follower_->columns()) {
    auto told = Napi::Object::New(env);
    told["path"] = column.path;
    told["rowValues"] = static_cast<double>(column.row_values);
    told["elementBytes"] = static_cast<double>(column.element_bytes);
    columns[columns.Length()] = told;
  }
  auto self = info.This().As<Napi::Object>();
  self["columns"] = columns;
  self["blockRows"] = static_cast<double>(follower_->block_rows());
}

Napi::Value Follower::look(const Napi::CallbackInfo& info) {
  const auto now = follower_->look();
  auto object = Napi::Object::New(info.Env());
  object["rows"] = static_cast<double>(now.rows);
  object["closed"] = now.closed;
  object["alive"] = now.alive;
  return object;
}

Napi::Value Follower::read(const Napi::CallbackInfo& info) {
  const auto first = static_cast<std::uint64_t>(info[0].As<Napi::Number>().Int64Value());
  const auto count = static_cast<std::uint64_t>(info[1].As<Napi::Number>().Int64Value());
  const auto arrays = info[2].As<Napi::Array>();
  std::vector<unsigned char*> out;
  for (std::uint32_t i = 0; i < arrays.Length(); ++i) {
    const auto array = arrays.Get(i).As<Napi::TypedArray>();
    out.push_back(static_cast<unsigned char*>(array.ArrayBuffer().Data()) + array.ByteOffset());
  }
  return Environment::of(info.Env()).mailbox->promise(info.Env(), arrays, [&](stream::Done done) {
    stream::EncodePool::instance().post(lane_, {[follower = follower_, first, count, out, done] {
                                          std::optional<hdf5::Error> failure;
                                          try {
                                            follower->read(first, count, out);
                                          } catch (hdf5::Error& error) {
                                            error.name_file(follower->path);
                                            failure = error;
                                          } catch (const std::bad_alloc&) {
                                            failure = hdf5::Error("ENOMEM", "not enough memory to follow");
                                          }
                                          done(failure);
                                        }});
  });
}

}  // namespace h5tracks::binding
