#include "binding/core/environment.h"

namespace h5tracks::binding {

Environment& Environment::of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

}  // namespace h5tracks::binding
