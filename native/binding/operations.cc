#include "binding/operations.h"

#include "binding/core/dynamic_value.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/handle.h"
#include "binding/core/mailbox.h"
#include "hdf5/file/file.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::binding {

namespace {

// An operation that was called, and its answer.
struct Invocation {
  explicit Invocation(const Napi::CallbackInfo& info) : operation(&hdf5::operation_named(info[0].As<Napi::String>())) {
    const auto given = info[1].As<Napi::Array>();
    const Napi::Value first = given.Get(0u);
    const Handle* handle = first.IsObject() ? Handle::of(first.As<Napi::Object>()) : nullptr;
    if (!handle) throw Error("ERR_INVALID_ARGUMENT", "the first argument of an operation must be an open object");
    object = handle->object();
    state = &handle->state();
    hdf5::List list{object};
    const std::uint32_t count = given.Length();
    list.reserve(count);
    for (std::uint32_t i = 1; i < count; ++i) list.push_back(dynamic_value_of(given.Get(i)));
    arguments = std::move(list);
  }
  const std::string& path() const { return object->file->path; }
  void run() {
    hdf5::MissWatch(object->file->remote()).run(path(), [&] { answer = hdf5::run(*operation, arguments); });
  }
  stream::Use use() const { return operation->changes ? stream::Use::kChanges : stream::Use::kReads; }

  const hdf5::Operation* operation;
  std::shared_ptr<hdf5::Object> object;
  const stream::FileState* state;  // valid while the object's handle exists
  hdf5::DynamicValue arguments, answer;
};

void run_and_report(Invocation& invocation, const stream::Done& done) {
  std::optional<Error> failure;
  try {
    invocation.run();
  } catch (Error& error) {
    error.name_file(invocation.path());
    failure = error;
  } catch (const std::bad_alloc&) {
    failure = Error("ENOMEM", "not enough memory");
  }
  invocation.arguments = {};
  done(failure);
}

}  // namespace

Napi::Value call_operation(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto invocation = guarded(env, "", [&] { return std::make_shared<Invocation>(info); });
  const stream::FileState state = *invocation->state;
  auto mailbox = Environment::of(env).mailbox;
  const auto start = [&](stream::Done done) {
    const auto run = [invocation, mailbox](stream::Done done) {
      if (!mailbox->is_open()) return done(std::nullopt);
      run_and_report(*invocation, done);
    };
    state.requests->post(invocation->use(), run, std::move(done));
  };
  return mailbox->promise(env, info[1].As<Napi::Object>(), start,
                          [invocation, state](Napi::Env env) { return to_js(env, invocation->answer, state); });
}

Napi::Value call_operation_sync(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Invocation invocation = guarded(env, "", [&] { return Invocation(info); });
  guarded(env, invocation.path(), [&] {
    invocation.state->requests->run(invocation.use(), [&](stream::Done done) {
      invocation.run();
      done(std::nullopt);
    });
  });
  return to_js(env, invocation.answer, *invocation.state);
}

}  // namespace h5tracks::binding
