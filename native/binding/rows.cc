#include "binding/rows.h"

#include <algorithm>

#include "binding/core/conversions.h"
#include "binding/core/dynamic_value.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/handle.h"
#include "binding/core/mailbox.h"
#include "binding/core/text.h"
#include "hdf5/core/lock.h"
#include "hdf5/operations/open_rows.h"
#include "stream/boxes/box_reader.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

namespace {

std::shared_ptr<stream::StoredDataset> stored_in(Values& values) {
  auto dataset = values.stored();
  const std::string& path = dataset->dataset->path;
  if (!dataset->type.stored) throw Error("ERR_UNSUPPORTED_TYPE", "'" + path + "' has a type that no typed array holds");
  if (dataset->shape.empty()) throw Error("ERR_FORMAT", "'" + path + "' has no rows");
  return dataset;
}

// The memory of a typed array for so many rows. Throws unless it has the type in which the dataset is stored, and space
// for exactly these rows.
unsigned char* memory_for(const stream::StoredDataset& dataset, hsize_t rows, napi_env env, napi_value array) {
  const hdf5::StoredElements& stored = *dataset.type.stored;
  hsize_t values = rows * stored.count;
  for (std::size_t axis = 1; axis < dataset.shape.size(); ++axis) values *= dataset.shape[axis];
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* out = nullptr;
  const bool known = napi_get_typedarray_info(env, array, &type, &length, &out, nullptr, nullptr) == napi_ok;
  if (known && type == array_type(stored.element) && length == values) return static_cast<unsigned char*>(out);
  throw Error("ERR_INVALID_ARGUMENT", "'" + dataset.dataset->path + "' must be read into an array of " +
                                          std::to_string(values) + " " + hdf5::name_of(stored.element) + " values");
}

}  // namespace

// The rows to read from some of the datasets, and the memory to fill.
class Rows::Request {
 public:
  Request(const Napi::CallbackInfo& info, const Datasets& datasets) {
    const Napi::Env env = info.Env();
    const auto arrays = info[1].As<Napi::Array>();
    const auto row = [&](std::size_t at) { return static_cast<hsize_t>(info[at].As<Napi::Number>().DoubleValue()); };
    first_ = row(2), end_ = row(3);
    stored_only_ = info[4].ToBoolean();
    const bool all = info[0].IsNull();
    const auto which = all ? Napi::Uint32Array() : info[0].As<Napi::Uint32Array>();
    const std::size_t count = all ? datasets.size() : which.ElementLength();
    const std::uint32_t* chosen = all ? nullptr : which.Data();
    parts_.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      napi_value array = nullptr;
      if (napi_get_element(env, arrays, i, &array) != napi_ok)
        throw Error("ERR_INVALID_ARGUMENT", "an array is missing");
      auto dataset = stored_in(*datasets.at(chosen ? chosen[i] : i));
      unsigned char* out = memory_for(*dataset, end_ - first_, env, array);
      parts_.push_back({std::move(dataset), out});
    }
  }

  bool read_from_cache() const { return stream::read_rows_from_cache(parts_, first_, end_); }

  std::vector<stream::ReadRequest> boxes() const {
    std::vector<stream::ReadRequest> requests;
    requests.reserve(parts_.size());
    for (const stream::RowsOf& part : parts_) {
      hdf5::Shape count = part.from->shape, start(count.size());
      start[0] = first_;
      count[0] = end_ - first_;
      requests.push_back({part.from, hdf5::Box(std::move(start), std::move(count)), part.out, stored_only_});
    }
    return requests;
  }

 private:
  hsize_t first_ = 0, end_ = 0;
  bool stored_only_ = false;
  std::vector<stream::RowsOf> parts_;
};

Napi::Function Rows::define(Napi::Env env) {
  return DefineClass(env, "Rows",
                     {InstanceMethod<&Rows::handle>("handle"), InstanceMethod<&Rows::length>("length"),
                      InstanceMethod<&Rows::lengths>("lengths"), InstanceMethod<&Rows::read>("read"),
                      InstanceMethod<&Rows::read_sync>("readSync")});
}

Rows::Rows(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  if (!info[0].IsArray()) return;
  guarded(info.Env(), "", [&] {
    const auto handles = info[0].As<Napi::Array>();
    for (std::uint32_t i = 0; i < handles.Length(); ++i) {
      const Handle* given = Handle::of(handles.Get(i).As<Napi::Object>());
      if (!given) throw Error("ERR_INVALID_ARGUMENT", "rows can be read only from a dataset");
      datasets_.push_back(given->values());
    }
  });
}

Napi::Value Rows::open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Handle* group = Handle::of(info[0].As<Napi::Object>());
  const stream::FileState state = group->state();
  std::vector<std::string> paths;
  const auto given = info[1].As<Napi::Array>();
  for (std::uint32_t i = 0; i < given.Length(); ++i) paths.push_back(text_of(given.Get(i).As<Napi::String>()));
  hdf5::OpenedRows opened;
  const hdf5::File& file = *group->object()->file;
  const hdf5::MissWatch watch(file.remote());
  try {
    state.requests->run(stream::Use::kReads, [&](stream::Done done) {
      opened = hdf5::open_rows(*group->object(), paths);
      done(std::nullopt);
    });
    guarded(env, file.path, [&] { watch.check(file.path); });
  } catch (const Error&) {
    guarded(env, file.path, [&] { watch.check(file.path); });
    // Opened one by one, the datasets report best what is wrong.
    return env.Null();
  }
  const Napi::Object rows = Environment::of(env).rows_class.New({});
  Datasets& datasets = Unwrap(rows)->datasets_;
  for (auto& object : opened.datasets) datasets.push_back(std::make_shared<Values>(std::move(object), state));
  auto answer = Napi::Object::New(env);
  answer["rows"] = rows;
  answer["datasets"] = to_js(env, opened.descriptions, state);
  return answer;
}

void Rows::Finalize(Napi::BasicEnv) {
  const auto over = [](const std::shared_ptr<Values>& values) { return values->is_over(); };
  if (std::all_of(datasets_.begin(), datasets_.end(), over)) return;
  // Closing takes the HDF5 lock, and the garbage collector must not wait for it.
  stream::IoThread::instance().post([datasets = std::move(datasets_)]() mutable { datasets.clear(); });
}

Napi::Value Rows::handle(const Napi::CallbackInfo& info) {
  return Handle::create(info.Env(), datasets_.at(info[0].As<Napi::Number>().Uint32Value()));
}

Napi::Value Rows::length(const Napi::CallbackInfo& info) {
  const hdf5::Object& object = *datasets_.at(info[0].As<Napi::Number>().Uint32Value())->object;
  return guarded(info.Env(), object.file->path, [&] {
    const hdf5::Lock lock;
    return Napi::Number::New(info.Env(), static_cast<double>(object.dataset()->rows()));
  });
}

Napi::Value Rows::lengths(const Napi::CallbackInfo& info) {
  auto lengths = Napi::Array::New(info.Env(), datasets_.size());
  std::uint32_t at = 0;
  guarded(info.Env(), "", [&] {
    const hdf5::Lock lock;
    for (const auto& values : datasets_) lengths.Set(at++, static_cast<double>(values->object->dataset()->rows()));
  });
  return lengths;
}

void Rows::read_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), "", [&] {
    const Request request(info, datasets_);
    if (request.read_from_cache()) return;
    stream::wait_for(
        [&](stream::Done done) { stream::read_all(request.boxes(), std::move(done), stream::Caller::kWaits); });
  });
}

Napi::Value Rows::read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto mailbox = Environment::of(env).mailbox;
  // The datasets are kept too, because they keep the file open.
  auto kept = Napi::Array::New(env, 2);
  kept.Set(0u, info.This());
  kept.Set(1u, info[1]);
  return mailbox->promise(env, kept, [&](stream::Done done) {
    const Request request(info, datasets_);
    if (request.read_from_cache()) return done(std::nullopt);
    stream::IoThread::instance().post([requests = request.boxes(), mailbox, done] {
      if (!mailbox->is_open()) return done(std::nullopt);
      stream::read_all(requests, done);
    });
  });
}

}  // namespace h5tracks::binding
