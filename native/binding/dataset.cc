#include "binding/dataset.h"

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/handle.h"
#include "binding/values.h"
#include "stream/box_reader.h"
#include "stream/threads.h"

namespace h5tracks::binding {

namespace {

stream::ReadRequest request_of(const Napi::Object& object) {
  Handle* handle = Handle::of(object.Get("dataset").As<Napi::Object>());
  if (!handle) throw hdf5::Error("ERR_INVALID_ARGUMENT", "values are read from a dataset");
  const auto dataset = handle->values()->stored();
  const auto array = object.Get("out").As<Napi::TypedArray>();
  const auto element = dataset->type.element;
  const std::string& path = dataset->dataset->path;
  if (!element) throw hdf5::Error("ERR_UNSUPPORTED_TYPE", "'" + path + "' has a type that no typed array holds");
  stream::ReadRequest request{dataset,
                              {shape_of(object.Get("start")), shape_of(object.Get("count"))},
                              static_cast<unsigned char*>(array.ArrayBuffer().Data()) + array.ByteOffset(),
                              object.Get("storedOnly").ToBoolean()};
  const hsize_t values = request.box.elements();
  if (array.TypedArrayType() != array_type(*element) || array.ElementLength() != values) {
    throw hdf5::Error("ERR_INVALID_ARGUMENT", "'" + path + "' is read into " + std::to_string(values) + " values of " +
                                                  hdf5::name_of(*element) + ", not into this array");
  }
  return request;
}

std::vector<stream::ReadRequest> requests_of(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<stream::ReadRequest> requests;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    requests.push_back(request_of(array.Get(i).As<Napi::Object>()));
  }
  return requests;
}

}  // namespace

void read_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), "", [&] {
    const auto requests = requests_of(info[0]);
    if (stream::read_from_cache(requests)) return;
    stream::wait_for([&](stream::Done done) { stream::read_all(requests, std::move(done), stream::Caller::kWaits); });
  });
}

Napi::Value read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto mailbox = Environment::of(env).mailbox;
  return mailbox->promise(env, info[0].As<Napi::Object>(), [&](stream::Done done) {
    const auto requests = requests_of(info[0]);
    if (stream::read_from_cache(requests)) return done(std::nullopt);
    stream::IoThread::instance().post([requests, mailbox, done] {
      if (!mailbox->is_open()) return done(std::nullopt);
      stream::read_all(requests, done);
    });
  });
}

}  // namespace h5tracks::binding
