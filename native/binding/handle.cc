#include "binding/handle.h"

#include "binding/dynamic_value.h"
#include "binding/environment.h"
#include "binding/errors.h"
#include "hdf5/file/file.h"
#include "hdf5/operations/operations.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

namespace {

// Tells our handles from other objects.
constexpr napi_type_tag kTag{0x6835747261636b73, 0x68616e646c650001};

// One operation on its way, and what it gave.
struct Asked {
  explicit Asked(const Napi::CallbackInfo& info) : operation(&hdf5::operation_named(info[0].As<Napi::String>())) {
    const auto given = info[1].As<Napi::Array>();
    const Napi::Value first = given.Get(0u);
    const Handle* asked = first.IsObject() ? Handle::of(first.As<Napi::Object>()) : nullptr;
    if (!asked) throw hdf5::Error("ERR_INVALID_ARGUMENT", "an operation is asked of an object");
    object = asked->object();
    state = &asked->state();
    hdf5::List list{object};
    const std::uint32_t count = given.Length();
    list.reserve(count);
    for (std::uint32_t i = 1; i < count; ++i) list.push_back(tree_of(given.Get(i)));
    arguments = std::move(list);
  }
  const std::string& path() const { return object->file->path; }
  void run() { answer = hdf5::run(*operation, arguments); }
  stream::Use use() const { return operation->changes ? stream::Use::kChanges : stream::Use::kReads; }

  const hdf5::Operation* operation;
  std::shared_ptr<hdf5::Object> object;
  const stream::FileState* state;  // while the object's handle is there
  hdf5::Tree arguments, answer;
};

void run_and_report(Asked& asked, const stream::Done& done) {
  std::optional<hdf5::Error> failure;
  try {
    asked.run();
  } catch (hdf5::Error& error) {
    error.name_file(asked.path());
    failure = error;
  } catch (const std::bad_alloc&) {
    failure = hdf5::Error("ENOMEM", "not enough memory");
  }
  asked.arguments = {};
  done(failure);
}

}  // namespace

Napi::Function Handle::define(Napi::Env env) {
  return DefineClass(env, "Handle",
                     {InstanceAccessor<&Handle::is_open>("isOpen"), InstanceMethod<&Handle::close>("close")});
}

Napi::Value Handle::create(Napi::Env env, std::shared_ptr<hdf5::Object> object, const stream::FileState& state) {
  const Napi::Object wrapped = Environment::of(env).handle_class.New({});
  napi_type_tag_object(env, wrapped, &kTag);
  Unwrap(wrapped)->values_ = std::make_shared<Values>(std::move(object), state);
  return wrapped;
}

Handle* Handle::of(const Napi::Object& object) {
  bool tagged = false;
  if (napi_check_object_type_tag(object.Env(), object, &kTag, &tagged) != napi_ok || !tagged) return nullptr;
  return Unwrap(object);
}

Handle::Handle(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

void Handle::Finalize(Napi::BasicEnv) {
  if (!values_ || values_->is_over()) return;
  // Closing takes the HDF5 lock, and the garbage collector waits for nobody.
  stream::IoThread::instance().post([values = std::move(values_)]() mutable { values.reset(); });
}

std::shared_ptr<stream::StoredDataset> Values::stored() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!stored_) stored_ = std::make_shared<stream::StoredDataset>(object->dataset(), state.cache);
  return stored_;
}

void Values::forget() {
  std::shared_ptr<stream::StoredDataset> stored;
  const std::lock_guard<std::mutex> guard(mutex_);
  stored_.swap(stored);
}

bool Values::is_over() {
  const std::lock_guard<std::mutex> guard(mutex_);
  return !stored_ && !object->is_open() && object->file.use_count() > 1;
}

Napi::Value Handle::is_open(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), object()->is_open());
}

void Handle::close(const Napi::CallbackInfo& info) {
  guarded(info.Env(), object()->file->path, [&] {
    object()->close();
    values_->forget();
  });
}

Napi::Value Handle::call(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto asked = guarded(env, "", [&] { return std::make_shared<Asked>(info); });
  const stream::FileState state = *asked->state;
  auto mailbox = Environment::of(env).mailbox;
  const auto start = [&](stream::Done done) {
    const auto run = [asked, mailbox](stream::Done done) {
      if (!mailbox->is_open()) return done(std::nullopt);
      run_and_report(*asked, done);
    };
    state.turns->post(asked->use(), run, std::move(done));
  };
  return mailbox->promise(env, info[1].As<Napi::Object>(), start,
                          [asked, state](Napi::Env env) { return to_js(env, asked->answer, state); });
}

Napi::Value Handle::call_sync(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Asked asked = guarded(env, "", [&] { return Asked(info); });
  guarded(env, asked.path(), [&] {
    asked.state->turns->run(asked.use(), [&](stream::Done done) {
      asked.run();
      done(std::nullopt);
    });
  });
  return to_js(env, asked.answer, *asked.state);
}

}  // namespace h5tracks::binding
