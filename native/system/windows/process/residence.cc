#include "system/process/residence.h"

#include <windows.h>

namespace h5tracks::system {

void keep_loaded() {
  HMODULE self = nullptr;
  constexpr DWORD kFlags = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
  ::GetModuleHandleExW(kFlags, reinterpret_cast<LPCWSTR>(&keep_loaded), &self);
}

bool at_exit(void (*)()) { return false; }

}  // namespace h5tracks::system

// Of the C library: constructors and destructors of static objects.
extern "C" BOOL WINAPI DllMainCRTStartup(HINSTANCE, DWORD, LPVOID);

// The entry of the addon (CMakeLists.txt). At the end of the process, when `ending` is not null, the other threads are
// gone, and what they held stays locked: destructors would wait for ever.
extern "C" BOOL WINAPI h5tracks_entry(HINSTANCE self, DWORD reason, LPVOID ending) {
  if (reason == DLL_PROCESS_DETACH && ending) return TRUE;
  return DllMainCRTStartup(self, reason, ending);
}
