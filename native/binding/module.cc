// The addon's entry point: exports what lib/native declares as NativeAddon.
#include <hdf5.h>

#include "binding/block_stream.h"
#include "binding/block_writer.h"
#include "binding/boxes.h"
#include "binding/confinement.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/handle.h"
#include "binding/core/memory.h"
#include "binding/core/napi_setup.h"
#include "binding/file.h"
#include "binding/follower.h"
#include "binding/lifecycle.h"
#include "binding/operations.h"
#include "binding/recovery.h"
#include "binding/remote/remote_bytes.h"
#include "binding/rows.h"
#include "codec/pipeline.h"
#include "hdf5/core/identifiers.h"
#include "hdf5/core/lock.h"
#include "hdf5/dataset/filters.h"
#include "hdf5/file/plugins.h"
#include "stream/threads/threads.h"
#include "system/process/residence.h"

#ifndef H5TRACKS_LINKED
#error "the build says how HDF5 is linked: H5TRACKS_LINKED is \"static\" or \"shared\""
#endif

namespace h5tracks::binding {

namespace {

struct FilterName {
  H5Z_filter_t id;
  const char* name;
};

constexpr FilterName kFilters[] = {
    {H5Z_FILTER_DEFLATE, "deflate"},
    {H5Z_FILTER_SHUFFLE, "shuffle"},
    {H5Z_FILTER_FLETCHER32, "fletcher32"},
    {H5Z_FILTER_SZIP, "szip"},
    {H5Z_FILTER_NBIT, "nbit"},
    {H5Z_FILTER_SCALEOFFSET, "scaleoffset"},
    {hdf5::kLzf, "lzf"},
};

std::string version_text(unsigned major, unsigned minor, unsigned release) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

Napi::Object versions(Napi::Env env) {
  // Our own exit handler closes the writers. HDF5's would then use what a failed disk or a hostile file left in its
  // memory, and older versions crash there. Called once, before any other call of HDF5, including those of the Lock.
  static const herr_t disabled = H5dont_atexit();
  (void)disabled;
  const hdf5::Lock lock;
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  auto filters = Napi::Array::New(env), writable = Napi::Array::New(env);
  for (const FilterName& filter : kFilters) {
    if (hdf5::can_decode(filter.id)) filters[filters.Length()] = filter.name;
    if (hdf5::can_encode(filter.id)) writable[writable.Length()] = filter.name;
  }
  auto object = Napi::Object::New(env);
  object["hdf5Built"] = version_text(H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
  object["hdf5Running"] = version_text(major, minor, release);
  object["linked"] = H5TRACKS_LINKED;
  object["filters"] = filters;
  object["writableFilters"] = writable;
  object["threads"] = stream::EncodePool::default_threads();
  object["codec"] = codec::codec_version();
  return object;
}

void set_error_class(const Napi::CallbackInfo& info) {
  Environment::of(info.Env()).error_class = Napi::Persistent(info[0].As<Napi::Function>());
}

Napi::Value identifiers(const Napi::CallbackInfo& info) {
  const std::size_t count = guarded(info.Env(), "", [] { return hdf5::count_identifiers(); });
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

void load_filter_plugins(const Napi::CallbackInfo& info) {
  const std::string directory = info[0].As<Napi::String>();
  guarded(info.Env(), directory, [&] {
    const hdf5::Lock lock;
    hdf5::load_plugins_from(directory);
  });
}

Napi::Object load(Napi::Env env, Napi::Object exports) {
  exports["versions"] = versions(env);  // first, because H5dont_atexit() must be the first call of HDF5
  system::keep_loaded();
  begin_environment(env);
  Environment::of(env).handle_class = Napi::Persistent(Handle::define(env));
  Environment::of(env).rows_class = Napi::Persistent(Rows::define(env));
  Environment::of(env).stream_class = Napi::Persistent(BlockStream::define(env));
  Environment::of(env).file_class = Napi::Persistent(File::define(env));
  if (!closes_at_exit()) exports["closeWriters"] = Napi::Function::New(env, close_writers, "closeWriters");
  exports["setErrorClass"] = Napi::Function::New(env, set_error_class, "setErrorClass");
  exports["identifiers"] = Napi::Function::New(env, identifiers, "identifiers");
  exports["confine"] = Napi::Function::New(env, confine, "confine");
  exports["allowCpu"] = Napi::Function::New(env, allow_cpu, "allowCpu");
  exports["newBuffers"] = Napi::Function::New(env, new_buffers, "newBuffers");
  exports["Rows"] = Environment::of(env).rows_class.Value();
  exports["openRows"] = Napi::Function::New(env, Rows::open, "openRows");
  exports["call"] = Napi::Function::New(env, call_operation, "call");
  exports["callSync"] = Napi::Function::New(env, call_operation_sync, "callSync");
  exports["loadFilterPlugins"] = Napi::Function::New(env, load_filter_plugins, "loadFilterPlugins");
  exports["openFile"] = Napi::Function::New(env, File::open, "openFile");
  exports["openFileSync"] = Napi::Function::New(env, File::open_sync, "openFileSync");
  exports["readBox"] = Napi::Function::New(env, read_box, "readBox");
  exports["readBoxSync"] = Napi::Function::New(env, read_box_sync, "readBoxSync");
  exports["writeBox"] = Napi::Function::New(env, write_box, "writeBox");
  exports["writeBoxSync"] = Napi::Function::New(env, write_box_sync, "writeBoxSync");
  exports["BlockWriter"] = BlockWriter::define(env);
  exports["RemoteBytes"] = RemoteBytes::define(env);
  exports["Follower"] = Follower::define(env);
  exports["recover"] = Napi::Function::New(env, recover, "recover");
  exports["recoverSync"] = Napi::Function::New(env, recover_sync, "recoverSync");
  exports["refuseJournal"] = Napi::Function::New(env, refuse_journal, "refuseJournal");
  exports["needsRecovery"] = Napi::Function::New(env, needs_recovery, "needsRecovery");
  exports["journalState"] = Napi::Function::New(env, journal_state, "journalState");
  return exports;
}

}  // namespace

}  // namespace h5tracks::binding

static Napi::Object h5tracks_load(Napi::Env env, Napi::Object exports) { return h5tracks::binding::load(env, exports); }

NODE_API_MODULE(h5tracks, h5tracks_load)
