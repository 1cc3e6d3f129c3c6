#include "binding/file.h"

#include "binding/core/dynamic_value.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/handle.h"
#include "binding/core/mailbox.h"
#include "binding/remote/remote_bytes.h"
#include "hdf5/core/lock.h"
#include "hdf5/file/library_version.h"
#include "hdf5/object/object.h"
#include "hdf5/remote/remote_bytes.h"
#include "stream/run_state/abandoned_replacement.h"
#include "stream/run_state/journal_state.h"
#include "stream/threads/threads.h"
#include "system/file.h"
#include "system/real_path.h"

namespace h5tracks::binding {

namespace {

system::Access access_of(const std::string& mode) {
  if (mode == "r") return system::Access::kRead;
  if (mode == "r+") return system::Access::kReadWrite;
  if (mode == "x") return system::Access::kCreate;
  if (mode == "w") return system::Access::kReplace;
  throw Error("ERR_INVALID_ARGUMENT", "a file is opened with 'r', 'r+', 'x' or 'w', not '" + mode + "'");
}

hdf5::FileOptions options_of(const hdf5::DynamicValue& given) {
  hdf5::FileOptions options;
  options.contained = !given["external"].flag();
  options.locking = !given["locking"] || given["locking"].flag();
  options.swmr = given["swmr"].flag();
  options.accept_loss = given["acceptLoss"].flag();
  options.track_order = given["trackOrder"].flag();
  options.compact = given["compact"].flag();
  if (given["metadataBlock"]) options.metadata_block = given["metadataBlock"].count();
  if (given["userblock"]) options.userblock = given["userblock"].count();
  if (const hdf5::DynamicValue& bounds = given["libver"]) {
    options.library_versions = {hdf5::library_version_named(bounds[0].text()),
                                hdf5::library_version_named(bounds[1].text())};
  }
  if (const hdf5::DynamicValue& cache = given["cache"]) {
    options.cache = {cache["slots"].count(), cache["bytes"].count(), cache["preemption"].number()};
  }
  return options;
}

// Runs `step` and passes its error, which then names the file, to `done`.
template <typename Step>
void report(const std::string& path, const stream::Done& done, Step step) {
  std::optional<Error> failure;
  try {
    step();
  } catch (Error& error) {
    error.name_file(path);
    failure = error;
  } catch (const std::bad_alloc&) {
    failure = Error("ENOMEM", "not enough memory");
  }
  done(failure);
}

}  // namespace

// The arguments of an open, and its result.
struct File::Opening {
  explicit Opening(const Napi::CallbackInfo& info)
      : path(info[0].As<Napi::String>()), mode(info[1].As<Napi::String>()), options(dynamic_value_of(info[2])) {
    if (info[3].IsObject()) remote = RemoteBytes::Unwrap(info[3].As<Napi::Object>())->bytes();
  }

  void run() {
    hdf5::MissWatch(remote).run(path, [&] { run_once(); });
  }

  std::string path, mode;
  hdf5::DynamicValue options;
  std::shared_ptr<hdf5::File> file;
  std::shared_ptr<const stream::FileTemplate> contents, beginning;
  std::shared_ptr<hdf5::Object> root;
  std::shared_ptr<hdf5::RemoteBytes> remote;

 private:
  void run_once() {
    find_template();
    if (mode == "replace") {
      replace();
    } else {
      open_as(access_of(mode));
    }
    if (contents) return;
    try {
      if (beginning) file->fill(beginning->image);
      const hdf5::Lock lock;
      root = hdf5::Object::root(file);
    } catch (...) {
      if (mode == "x") system::remove_file(path);
      throw;
    }
  }

  void find_template() {
    const hdf5::DynamicValue& keys = options["templates"];
    if (!keys) return;
    contents = stream::template_for(keys["whole"].text());
    if (!contents) beginning = stream::template_for(keys["withoutMetadata"].text());
  }

  hdf5::FileOptions file_options() const {
    hdf5::FileOptions given = options_of(options);
    given.opened_later = contents || beginning;
    return given;
  }

  void open_as(system::Access access) {
    if (remote) {
      file = std::make_shared<hdf5::File>(path, remote, options_of(options));
    } else if (const hdf5::DynamicValue& image = options["image"]) {
      file = std::make_shared<hdf5::File>(path, access, image.view(), options_of(options));
    } else {
      open(access);
    }
  }

  // Creates a new file beside the existing one. It takes the name of that file once a run has begun in it.
  void replace() {
    const std::string real = system::real_path(path);
    auto replacement = std::make_unique<system::Replacement>(path, real);
    if (!options["ignoreJournal"].flag()) stream::refuse_journal(path);
    stream::remove_abandoned_replacement(real);
    file = std::make_shared<hdf5::File>(path, std::move(replacement), file_options());
  }

  void open(system::Access access) {
    // Writing would destroy what recovery needs: HDF5 would truncate or empty the file. Readers do no harm; lib/
    // refuses them.
    const bool refuse = !options["ignoreJournal"].flag() &&
                        (access == system::Access::kReadWrite || access == system::Access::kReplace);
    const auto locked = [&] {
      if (refuse) stream::refuse_journal(path);
    };
    // Checked here too, so that no file is created beside the journal of a missing one.
    if (refuse && !system::status_at(path)) stream::refuse_journal(path);
    file = std::make_shared<hdf5::File>(path, access, locked, file_options());
  }
};

Napi::Function File::define(Napi::Env env) {
  return DefineClass(env, "File",
                     {
                         InstanceAccessor<&File::path>("path"),
                         InstanceAccessor<&File::is_open>("isOpen"),
                         InstanceAccessor<&File::is_written_here>("writtenHere"),
                         InstanceMethod<&File::keep_template>("keepTemplate"),
                         InstanceMethod<&File::close>("close"),
                         InstanceMethod<&File::close_sync>("closeSync"),
                     });
}

File::File(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

Napi::Value File::create(Napi::Env env, const Opening& opening) {
  Napi::Object wrapped = Environment::of(env).file_class.New({});
  File* self = Unwrap(wrapped);
  const stream::FileState state;
  self->file_ = opening.file;
  self->requests_ = state.requests;
  self->contents_ = opening.contents;
  wrapped["hasContents"] = opening.contents || opening.beginning;
  if (opening.root) wrapped["root"] = Handle::create(env, opening.root, state);
  return wrapped;
}

Napi::Value File::open_sync(const Napi::CallbackInfo& info) {
  Opening opening = guarded(info.Env(), "", [&] { return Opening(info); });
  guarded(info.Env(), opening.path, [&] { opening.run(); });
  return create(info.Env(), opening);
}

Napi::Value File::open(const Napi::CallbackInfo& info) {
  const auto opening = guarded(info.Env(), "", [&] { return std::make_shared<Opening>(info); });
  auto mailbox = Environment::of(info.Env()).mailbox;
  const auto start = [&](stream::Done done) {
    stream::IoThread::instance().post([opening, mailbox, done] {
      if (!mailbox->is_open()) return done(std::nullopt);
      report(opening->path, done, [&] { opening->run(); });
    });
  };
  return mailbox->promise(info.Env(), info[2].As<Napi::Object>(), start,
                          [opening](Napi::Env env) { return create(env, *opening); });
}

void File::Finalize(Napi::BasicEnv) {
  // Closing takes the HDF5 lock, and the garbage collector must not wait for it.
  if (file_) stream::IoThread::instance().post([file = std::move(file_)] {});
}

Napi::Value File::path(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), file_->path); }

void File::keep_template(const Napi::CallbackInfo& info) {
  guarded(info.Env(), file_->path, [&] {
    const hdf5::Lock lock;
    stream::keep_template(info[0].As<Napi::String>(), {file_->image_locked(), 0});
  });
}

Napi::Value File::is_written_here(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), guarded(info.Env(), file_->path, [&] { return file_->is_written_here(); }));
}

Napi::Value File::is_open(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), file_->is_open()); }

Napi::Value File::close(const Napi::CallbackInfo& info) {
  return Environment::of(info.Env())
      .mailbox->promise(info.Env(), info.This().As<Napi::Object>(), [&](stream::Done done) {
        const auto close = [file = file_](stream::Done done) { report(file->path, done, [&] { file->close(); }); };
        requests_->post(stream::Use::kChanges, close, std::move(done));
      });
}

void File::close_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), file_->path, [&] {
    requests_->run(stream::Use::kChanges, [&](stream::Done done) {
      file_->close();
      done(std::nullopt);
    });
  });
}

}  // namespace h5tracks::binding
