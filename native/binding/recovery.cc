#include "binding/recovery.h"

#include <memory>
#include <optional>

#include "binding/core/conversions.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/mailbox.h"
#include "stream/recovery/recover.h"
#include "stream/run_state/journal_state.h"
#include "stream/run_state/refusals.h"
#include "system/process/threads.h"

namespace h5tracks::binding {

namespace {

Napi::Object recovery_to_js(Napi::Env env, const stream::Recovery& recovery) {
  auto object = Napi::Object::New(env);
  object["path"] = recovery.path;
  object["rebuilt"] = recovery.rebuilt;
  object["lost"] = to_js(env, recovery.lost);
  return object;
}

struct Job {
  void run() {
    std::optional<Error> failure;
    try {
      *result = stream::recover(path);
    } catch (Error& error) {
      error.name_file(path);
      failure = error;
    } catch (const std::bad_alloc&) {
      failure = Error("ENOMEM", "not enough memory to recover '" + path + "'");
    }
    done(failure);
  }

  std::string path;
  stream::Done done;
  std::shared_ptr<stream::Recovery> result;
};

}  // namespace

// On a thread of its own, because it copies a whole file and would keep other work waiting.
Napi::Value recover(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  const auto result = std::make_shared<stream::Recovery>();
  const auto start = [&](stream::Done done) {
    auto* job = new Job{path, std::move(done), result};
    const auto run = [](void* given) { std::unique_ptr<Job>(static_cast<Job*>(given))->run(); };
    system::start_detached(run, job, "h5tracks-recover");
  };
  return Environment::of(info.Env())
      .mailbox->promise(info.Env(), info.This().As<Napi::Object>(), start,
                        [result](Napi::Env env) { return recovery_to_js(env, *result); });
}

Napi::Value recover_sync(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  return recovery_to_js(info.Env(), guarded(info.Env(), path, [&] { return stream::recover(path); }));
}

Napi::Value journal_state(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  switch (guarded(info.Env(), path, [&] { return stream::journal_state_of(path); })) {
    case stream::JournalState::kLeft:
      return Napi::String::New(info.Env(), "left");
    case stream::JournalState::kInUse:
      return Napi::String::New(info.Env(), "in use");
    case stream::JournalState::kNone:
      break;
  }
  return Napi::String::New(info.Env(), "none");
}

void refuse_journal(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  guarded(info.Env(), path, [&] { stream::refuse_journal(path); });
}

Napi::Value needs_recovery(const Napi::CallbackInfo& info) {
  return to_js(info.Env(), stream::needs_recovery(info[0].As<Napi::String>(), info[1].As<Napi::String>()));
}

}  // namespace h5tracks::binding
