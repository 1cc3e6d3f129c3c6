// The HANDLE in a FileNumber.
#pragma once

#include <windows.h>

#include "system/file.h"

namespace h5tracks::system {

inline HANDLE handle_of(FileNumber file) { return reinterpret_cast<HANDLE>(file); }
inline FileNumber number_of(HANDLE handle) { return reinterpret_cast<FileNumber>(handle); }

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

}  // namespace h5tracks::system
