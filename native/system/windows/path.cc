#include "system/windows/path.h"

#include <windows.h>

namespace h5tracks::system {

namespace {

bool begins(const std::wstring& text, const wchar_t* with) { return text.rfind(with, 0) == 0; }

std::wstring wide(const std::string& text) {
  const int bytes = static_cast<int>(text.size());
  const int size = ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), bytes, nullptr, 0);
  std::wstring result(static_cast<std::size_t>(size), L'\0');
  ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), bytes, result.data(), size);
  return result;
}

}  // namespace

std::wstring wide_path(const std::string& path) {
  const std::wstring given = wide(path);
  if (given.empty() || begins(given, L"\\\\?\\")) return given;
  const DWORD size = ::GetFullPathNameW(given.c_str(), 0, nullptr, nullptr);
  std::wstring full(size, L'\0');
  full.resize(::GetFullPathNameW(given.c_str(), size, full.data(), nullptr));
  if (full.empty() || begins(full, L"\\\\.\\") || begins(full, L"\\\\?\\")) return full;
  return begins(full, L"\\\\") ? L"\\\\?\\UNC" + full.substr(1) : L"\\\\?\\" + full;
}

std::string utf8(const std::wstring& text) {
  const int units = static_cast<int>(text.size());
  const int size = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), units, nullptr, 0, nullptr, nullptr);
  std::string result(static_cast<std::size_t>(size), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text.data(), units, result.data(), size, nullptr, nullptr);
  return result;
}

std::string plain_path(const std::wstring& path) {
  if (begins(path, L"\\\\?\\UNC\\")) return utf8(L"\\" + path.substr(7));
  return utf8(begins(path, L"\\\\?\\") ? path.substr(4) : path);
}

}  // namespace h5tracks::system
