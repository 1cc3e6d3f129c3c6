#include "binding/dataset.h"

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/values.h"
#include "stream/threads.h"

namespace h5tracks::binding {

Napi::Function Dataset::define(Napi::Env env) {
  return DefineClass(env, "Dataset",
                     {
                         InstanceMethod<&Dataset::info>("info"),
                         InstanceMethod<&Dataset::unstored_rows>("unstoredRows"),
                         InstanceMethod<&Dataset::close>("close"),
                     });
}

Napi::Value Dataset::create(Napi::Env env, std::shared_ptr<hdf5::File> file,
                            std::shared_ptr<stream::StoredDataset> dataset, std::shared_ptr<stream::Turns> turns) {
  const Napi::Object object = Environment::of(env).dataset_class.New({});
  Dataset* self = Unwrap(object);
  self->file_ = std::move(file);
  self->dataset_ = std::move(dataset);
  self->turns_ = std::move(turns);
  return object;
}

Dataset::Dataset(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

void Dataset::Finalize(Napi::BasicEnv) {
  if (!dataset_) return;
  // Closing takes the HDF5 lock, and the garbage collector waits for nobody. The dataset goes before its file.
  stream::IoThread::instance().post(
      [file = std::move(file_), dataset = std::move(dataset_)]() mutable { dataset.reset(); });
}

Napi::Value Dataset::info(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  const hdf5::DatasetInfo info = guarded(env, file_->path, [&] { return dataset_->dataset->info(); });
  auto object = Napi::Object::New(env);
  object["type"] = to_js(env, info.type);
  object["shape"] = to_js(env, info.shape);
  object["maxShape"] = to_js(env, info.max_shape);
  object["layout"] = info.layout;
  object["chunks"] = to_js(env, info.chunks);
  auto filters = Napi::Array::New(env, info.filters.size());
  for (std::uint32_t i = 0; i < info.filters.size(); ++i) {
    auto filter = Napi::Object::New(env);
    filter["id"] = info.filters[i].id;
    filter["name"] = info.filters[i].name;
    auto options = Napi::Array::New(env, info.filters[i].options.size());
    for (std::uint32_t j = 0; j < info.filters[i].options.size(); ++j) options[j] = info.filters[i].options[j];
    filter["options"] = options;
    filters[i] = filter;
  }
  object["filters"] = filters;
  object["storageSize"] = static_cast<double>(info.storage_size);
  return object;
}

Napi::Value Dataset::unstored_rows(const Napi::CallbackInfo& info) {
  const auto row = [&](std::size_t at) { return static_cast<hsize_t>(info[at].As<Napi::Number>().Int64Value()); };
  const auto runs = guarded(info.Env(), file_->path, [&] { return dataset_->dataset->unstored_rows(row(0), row(1)); });
  auto pairs = Napi::Array::New(info.Env(), 2 * runs.size());
  for (std::uint32_t i = 0; i < runs.size(); ++i) {
    pairs[2 * i] = static_cast<double>(runs[i].first);
    pairs[2 * i + 1] = static_cast<double>(runs[i].end);
  }
  return pairs;
}

stream::ReadRequest Dataset::request_of(const Napi::Object& object) const {
  const auto array = object.Get("out").As<Napi::TypedArray>();
  const auto element = dataset_->info.type.element;
  const std::string& path = dataset_->dataset->path;
  if (!element) throw hdf5::Error("ERR_UNSUPPORTED_TYPE", "'" + path + "' has a type that no typed array holds");
  stream::ReadRequest request{dataset_,
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

std::vector<stream::ReadRequest> Dataset::requests_of(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<stream::ReadRequest> requests;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const auto object = array.Get(i).As<Napi::Object>();
    requests.push_back(Unwrap(object.Get("dataset").As<Napi::Object>())->request_of(object));
  }
  return requests;
}

void Dataset::read_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), "", [&] {
    const auto requests = requests_of(info[0]);
    if (stream::read_from_cache(requests)) return;
    stream::wait_for([&](stream::Done done) { stream::read_all(requests, std::move(done), stream::Caller::kWaits); });
  });
}

Napi::Value Dataset::read(const Napi::CallbackInfo& info) {
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

void Dataset::close(const Napi::CallbackInfo& info) {
  guarded(info.Env(), file_->path, [&] { dataset_->dataset->close(); });
}

}  // namespace h5tracks::binding
