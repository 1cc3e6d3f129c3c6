#include "binding/lifecycle.h"

#include "binding/core/environment.h"
#include "binding/core/mailbox.h"
#include "hdf5/core/lock.h"
#include "stream/blocks/block_writer.h"
#include "stream/threads/threads.h"
#include "system/process/residence.h"

namespace h5tracks::binding {

namespace {

// Called when an environment ends: that of a worker, or of the main thread if it ends by itself.
void end_environment(Environment* environment) {
  environment->mailbox->close();
  stream::BlockWriter::close_all(environment);
}

// process.exit() on the main thread skips the environment's cleanup hooks, so this runs in atexit. HDF5's own exit
// handler is disabled (module.cc). If other code in the process initialised a shared HDF5 before us, its handler is
// older than ours and runs after it.
void end_process() {
  stream::BlockWriter::close_all();
  stream::IoThread::instance().stop();
  // Taken and never released: threads that still read block here while the process is torn down.
  new hdf5::Lock;
}

}  // namespace

void begin_environment(Napi::Env env) {
  auto* environment = new Environment;
  env.SetInstanceData(environment);
  environment->mailbox = Mailbox::create(env);
  // Added after the mailbox: hooks run in reverse order, and the mailbox's own must run last.
  env.AddCleanupHook(end_environment, environment);
  closes_at_exit();
}

bool closes_at_exit() {
  static const bool registered = system::at_exit(end_process);
  return registered;
}

void close_writers(const Napi::CallbackInfo&) { stream::BlockWriter::close_all(); }

}  // namespace h5tracks::binding
