#include <process.h>
#include <windows.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include "system/process/threads.h"

namespace h5tracks::system {

namespace {

struct Start {
  void (*body)(void*);
  void* argument;
};

unsigned __stdcall begin(void* given) {
  const std::unique_ptr<Start> start(static_cast<Start*>(given));
  start->body(start->argument);
  return 0;
}

// Since Windows 10 1607.
void name_thread(HANDLE thread, const std::string& name) {
  using SetDescription = HRESULT(WINAPI*)(HANDLE, PCWSTR);
  const HMODULE library = ::GetModuleHandleW(L"kernelbase.dll");
  if (!library) return;
  const auto set =
      reinterpret_cast<SetDescription>(reinterpret_cast<void*>(::GetProcAddress(library, "SetThreadDescription")));
  if (set) set(thread, std::wstring(name.begin(), name.end()).c_str());
}

}  // namespace

void start_detached(void (*body)(void*), void* argument, const char* name) {
  auto start = std::make_unique<Start>(Start{body, argument});
  const auto thread = ::_beginthreadex(nullptr, static_cast<unsigned>(kStackBytes), begin, start.get(),
                                       STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (thread == 0) throw std::system_error(errno, std::generic_category(), "_beginthreadex");
  static_cast<void>(start.release());
  const auto handle = reinterpret_cast<HANDLE>(thread);
  name_thread(handle, name);
  ::CloseHandle(handle);
}

void yield_to_others() { ::SetThreadPriority(::GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL); }

}  // namespace h5tracks::system
