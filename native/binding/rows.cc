#include "binding/rows.h"

#include "binding/core/conversions.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/handle.h"
#include "binding/core/mailbox.h"
#include "stream/boxes/box_reader.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

namespace {

// A request for rows of one dataset. Throws unless `array` has the type in which the dataset is stored and space for
// exactly these rows.
stream::ReadRequest request_of(const Napi::Value& handle, const Napi::Value& array, hsize_t first, hsize_t rows) {
  Handle* given = Handle::of(handle.As<Napi::Object>());
  if (!given) throw Error("ERR_INVALID_ARGUMENT", "rows can be read only from a dataset");
  const auto dataset = given->values()->stored();
  const auto& stored = dataset->type.stored;
  const std::string& path = dataset->dataset->path;
  if (!stored) throw Error("ERR_UNSUPPORTED_TYPE", "'" + path + "' has a type that no typed array holds");
  hdf5::Shape count = dataset->shape;
  if (count.empty()) throw Error("ERR_FORMAT", "'" + path + "' has no rows");
  count[0] = rows;
  hdf5::Shape start(count.size());
  start[0] = first;
  hdf5::Box box{std::move(start), std::move(count)};
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* out = nullptr;
  const std::size_t values = box.elements() * stored->count;
  const bool known = napi_get_typedarray_info(array.Env(), array, &type, &length, &out, nullptr, nullptr) == napi_ok;
  if (known && type == array_type(stored->element) && length == values) {
    return {dataset, std::move(box), static_cast<unsigned char*>(out)};
  }
  throw Error("ERR_INVALID_ARGUMENT", "'" + path + "' must be read into an array of " + std::to_string(values) + " " +
                                          hdf5::name_of(stored->element) + " values");
}

std::vector<stream::ReadRequest> requests_of(const Napi::CallbackInfo& info) {
  const auto handles = info[0].As<Napi::Array>(), arrays = info[1].As<Napi::Array>();
  const auto row = [&](std::size_t at) { return static_cast<hsize_t>(info[at].As<Napi::Number>().DoubleValue()); };
  const hsize_t first = row(2), end = row(3);
  const bool stored_only = info[4].ToBoolean();
  std::vector<stream::ReadRequest> requests;
  requests.reserve(handles.Length());
  for (std::uint32_t i = 0; i < handles.Length(); ++i) {
    requests.push_back(request_of(handles.Get(i), arrays.Get(i), first, end - first));
    requests.back().stored_only = stored_only;
  }
  return requests;
}

}  // namespace

void read_rows_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), "", [&] {
    const auto requests = requests_of(info);
    if (stream::read_from_cache(requests)) return;
    stream::wait_for([&](stream::Done done) { stream::read_all(requests, std::move(done), stream::Caller::kWaits); });
  });
}

Napi::Value read_rows(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto mailbox = Environment::of(env).mailbox;
  return mailbox->promise(env, handles_and_memory(info), [&](stream::Done done) {
    const auto requests = requests_of(info);
    if (stream::read_from_cache(requests)) return done(std::nullopt);
    stream::IoThread::instance().post([requests, mailbox, done] {
      if (!mailbox->is_open()) return done(std::nullopt);
      stream::read_all(requests, done);
    });
  });
}

}  // namespace h5tracks::binding
