#include "system/mapping.h"

#include <windows.h>

#include <cstdint>

#include "system/windows/failure.h"
#include "system/windows/handle.h"
#include "system/windows/left_behind.h"

namespace h5tracks::system {

namespace {

constexpr std::size_t kPage = 4096;

// Since Windows 10 1803: what lies at an address can be replaced, without a moment in which the address is free.
struct Placeholders {
  using Allocate = PVOID(WINAPI*)(HANDLE, PVOID, SIZE_T, ULONG, ULONG, void*, ULONG);
  using Map = PVOID(WINAPI*)(HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG, void*, ULONG);
  using Unmap = BOOL(WINAPI*)(HANDLE, PVOID, ULONG);

  Placeholders() {
    const HMODULE library = ::GetModuleHandleW(L"kernelbase.dll");
    if (!library) return;
    const auto find = [&](const char* name) { return reinterpret_cast<void*>(::GetProcAddress(library, name)); };
    allocate = reinterpret_cast<Allocate>(find("VirtualAlloc2"));
    map = reinterpret_cast<Map>(find("MapViewOfFile3"));
    unmap = reinterpret_cast<Unmap>(find("UnmapViewOfFile2"));
  }
  explicit operator bool() const { return allocate && map && unmap; }

  // Not in every header.
  static constexpr ULONG kReserve = 0x40000, kReplace = 0x4000, kPreserve = 2;

  Allocate allocate = nullptr;
  Map map = nullptr;
  Unmap unmap = nullptr;
};

const Placeholders& placeholders() {
  static const Placeholders instance;
  return instance;
}

HANDLE section_of(HANDLE file, std::size_t bytes, DWORD protection) {
  const auto high = static_cast<DWORD>(std::uint64_t{bytes} >> 32);
  return ::CreateFileMappingW(file, nullptr, protection, high, static_cast<DWORD>(bytes), nullptr);
}

// A view that detach() can replace; null: the system cannot make one.
void* replaceable_view(HANDLE section, std::size_t bytes) {
  const Placeholders& api = placeholders();
  if (!api || bytes % kPage != 0) return nullptr;
  void* const place = api.allocate(::GetCurrentProcess(), nullptr, bytes, MEM_RESERVE | Placeholders::kReserve,
                                   PAGE_NOACCESS, nullptr, 0);
  if (!place) return nullptr;
  void* const view =
      api.map(section, ::GetCurrentProcess(), place, 0, bytes, Placeholders::kReplace, PAGE_READWRITE, nullptr, 0);
  if (!view) ::VirtualFree(place, 0, MEM_RELEASE);
  return view;
}

}  // namespace

Mapping Mapping::of(FileNumber file, std::size_t bytes, Access access) {
  const bool reads = access == Access::kRead;
  const HANDLE section = section_of(handle_of(file), bytes, reads ? PAGE_READONLY : PAGE_READWRITE);
  if (!section) {
    failed();
    return {};
  }
  void* view = reads ? nullptr : replaceable_view(section, bytes);
  if (!view) view = ::MapViewOfFile(section, reads ? FILE_MAP_READ : FILE_MAP_WRITE, 0, 0, bytes);
  if (!view) failed();
  ::CloseHandle(section);
  return view ? Mapping(static_cast<unsigned char*>(view), bytes) : Mapping();
}

void Mapping::detach() {
  const Placeholders& api = placeholders();
  if (!data_ || !api || bytes_ % kPage != 0) return;
  // Before the view is given up, so that the zeros are certain.
  const HANDLE zeros = section_of(INVALID_HANDLE_VALUE, bytes_, PAGE_READWRITE);
  if (!zeros) return;
  if (api.unmap(::GetCurrentProcess(), data_, Placeholders::kPreserve)) {
    api.map(zeros, ::GetCurrentProcess(), data_, 0, bytes_, Placeholders::kReplace, PAGE_READWRITE, nullptr, 0);
  }
  ::CloseHandle(zeros);
  remove_all_left_behind();
}

bool Mapping::pass_on() const { return !data_ || ::FlushViewOfFile(data_, bytes_) || failed(); }

Mapping::~Mapping() {
  if (!data_) return;
  ::UnmapViewOfFile(data_);
  remove_all_left_behind();
}

}  // namespace h5tracks::system
