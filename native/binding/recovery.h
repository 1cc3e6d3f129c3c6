// `recover`, `recoverSync`, `journalState`, `refuseJournal` and `needsRecovery` in NativeAddon.
#pragma once

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

Napi::Value recover(const Napi::CallbackInfo& info);
Napi::Value recover_sync(const Napi::CallbackInfo& info);
Napi::Value journal_state(const Napi::CallbackInfo& info);
void refuse_journal(const Napi::CallbackInfo& info);
Napi::Value needs_recovery(const Napi::CallbackInfo& info);

}  // namespace h5tracks::binding
