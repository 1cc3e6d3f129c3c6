#include "binding/lifecycle.h"

#include <cstdlib>

#include "binding/environment.h"
#include "binding/mailbox.h"
#include "hdf5/core/lock.h"
#include "stream/blocks/block_writer.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

namespace {

// The end of one environment: a worker's, or the main thread's when it ends by itself.
void end_environment(Environment* environment) {
  environment->mailbox->close();
  stream::BlockWriter::close_all(environment);
}

// process.exit() on the main thread skips the environment's hooks. HDF5's own exit handler is left out (module.cc);
// where somebody else in the process began a shared HDF5 before us it is older, so it runs later.
void end_process() {
  stream::BlockWriter::close_all();
  stream::IoThread::instance().stop();
  // Never released: whoever still reads waits there for the end, while the process takes itself apart.
  new hdf5::Lock;
}

}  // namespace

void begin_environment(Napi::Env env) {
  auto* environment = new Environment;
  env.SetInstanceData(environment);
  environment->mailbox = Mailbox::create(env);
  // After the mailbox: hooks run in reverse, and its own must come later.
  env.AddCleanupHook(end_environment, environment);
  static const int registered = std::atexit(end_process);
  (void)registered;
}

}  // namespace h5tracks::binding
