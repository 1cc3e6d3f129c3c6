#include "binding/dataset.h"

#include <functional>
#include <numeric>

#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/values.h"
#include "stream/threads.h"

namespace h5tracks::binding {

// What to read, and where into: memory of a typed array that JavaScript keeps alive.
struct Dataset::Box {
  hdf5::Element element;
  hdf5::Shape start, count;
  unsigned char* out;
};

Napi::Function Dataset::define(Napi::Env env) {
  return DefineClass(env, "Dataset",
                     {
                         InstanceMethod<&Dataset::info>("info"),
                         InstanceMethod<&Dataset::read>("read"),
                         InstanceMethod<&Dataset::read_sync>("readSync"),
                         InstanceMethod<&Dataset::close>("close"),
                     });
}

Napi::Value Dataset::create(Napi::Env env, std::shared_ptr<hdf5::File> file, std::shared_ptr<hdf5::Dataset> dataset) {
  const auto element = guarded(env, file->path, [&] { return dataset->info().type.element; });
  const Napi::Object object = Environment::of(env).dataset_class.New({});
  Dataset* self = Unwrap(object);
  self->file_ = std::move(file);
  self->dataset_ = std::move(dataset);
  self->element_ = element;
  return object;
}

Dataset::Dataset(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

void Dataset::Finalize(Napi::BasicEnv) {
  if (!dataset_) return;
  // Closing takes the HDF5 lock, and the garbage collector waits for nobody. The dataset goes before its file.
  stream::IoThread::instance().post([file = std::move(file_), dataset = std::move(dataset_)]() mutable { dataset.reset(); });
}

Napi::Value Dataset::info(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  const hdf5::DatasetInfo info = guarded(env, file_->path, [&] { return dataset_->info(); });
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

Dataset::Box Dataset::box_of(const Napi::CallbackInfo& info) const {
  const auto array = info[0].As<Napi::TypedArray>();
  if (!element_) throw hdf5::Error("ERR_UNSUPPORTED_TYPE", "'" + dataset_->path + "' has a type that no typed array holds");
  Box box{*element_, shape_of(info[1]), shape_of(info[2]),
          static_cast<unsigned char*>(array.ArrayBuffer().Data()) + array.ByteOffset()};
  const hsize_t values = std::accumulate(box.count.begin(), box.count.end(), hsize_t{1}, std::multiplies<>());
  if (array.TypedArrayType() != array_type(*element_) || array.ElementLength() != values) {
    throw hdf5::Error("ERR_INVALID_ARGUMENT", "'" + dataset_->path + "' is read into " + std::to_string(values) +
                                                  " values of " + hdf5::name_of(*element_) + ", not into this array");
  }
  return box;
}

void Dataset::read_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), file_->path, [&] {
    const Box box = box_of(info);
    dataset_->read(box.element, box.start, box.count, box.out);
  });
}

Napi::Value Dataset::read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto mailbox = Environment::of(env).mailbox;
  return mailbox->promise(env, info[0].As<Napi::Object>(), [&](Mailbox::Done done) {
    const Box box = box_of(info);
    stream::IoThread::instance().post([file = file_, dataset = dataset_, mailbox, box, done] {
      // The memory of an ended environment is gone, or about to go.
      if (!mailbox->is_open()) return done(std::nullopt);
      std::optional<hdf5::Error> failure;
      try {
        dataset->read(box.element, box.start, box.count, box.out);
      } catch (hdf5::Error& error) {
        if (error.path.empty()) error.path = file->path;
        failure = error;
      }
      done(failure);
    });
  });
}

void Dataset::close(const Napi::CallbackInfo& info) {
  guarded(info.Env(), file_->path, [&] { dataset_->close(); });
}

}  // namespace h5tracks::binding
