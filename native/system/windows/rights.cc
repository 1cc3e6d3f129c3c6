#include "system/rights.h"

#include <windows.h>

#include "system/windows/failure.h"
#include "system/windows/handle.h"

namespace h5tracks::system {

namespace {

using Bytes = std::vector<unsigned char>;

// Whether somebody has set the list for this file; otherwise a new file in the directory gets the same one.
bool is_own(Bytes& descriptor) {
  SECURITY_DESCRIPTOR_CONTROL control = 0;
  DWORD revision = 0;
  BOOL present = FALSE, defaulted = FALSE;
  PACL list = nullptr;
  if (!::GetSecurityDescriptorControl(descriptor.data(), &control, &revision)) return false;
  if (!::GetSecurityDescriptorDacl(descriptor.data(), &present, &list, &defaulted) || !present || !list) return false;
  if (control & SE_DACL_PROTECTED) return true;
  for (DWORD i = 0; i < list->AceCount; ++i) {
    void* entry = nullptr;
    if (!::GetAce(list, i, &entry)) return false;
    if (!(static_cast<ACE_HEADER*>(entry)->AceFlags & INHERITED_ACE)) return true;
  }
  return false;
}

}  // namespace

std::optional<Rights> rights_of(FileNumber file) {
  DWORD size = 0;
  ::GetKernelObjectSecurity(handle_of(file), DACL_SECURITY_INFORMATION, nullptr, 0, &size);
  Rights rights;
  rights.access_list.resize(size);
  if (size == 0 ||
      !::GetKernelObjectSecurity(handle_of(file), DACL_SECURITY_INFORMATION, rights.access_list.data(), size, &size)) {
    rights.access_list.clear();  // FAT and some network file systems have none
  } else if (!is_own(rights.access_list)) {
    rights.access_list.clear();
  }
  return rights;
}

bool give_rights(FileNumber file, const Rights& rights) {
  if (rights.access_list.empty()) return true;
  const HANDLE handle = ::ReOpenFile(handle_of(file), WRITE_DAC, kShareAll, 0);
  if (handle == INVALID_HANDLE_VALUE) return failed();
  Bytes list = rights.access_list;
  const bool given = ::SetKernelObjectSecurity(handle, DACL_SECURITY_INFORMATION, list.data()) || failed();
  ::CloseHandle(handle);
  return given;
}

void share_as(FileNumber file, const Rights& rights) { give_rights(file, rights); }

}  // namespace h5tracks::system
