/* Node-API on Windows: the functions are in the program that loads the addon, whatever its name is: node.exe,
   electron.exe, another one, or a library of Node. The headers declare them as imported, so that calls go through the
   pointers that are filled here. */
#include <stdlib.h>
#include <windows.h>

#define H5TRACKS_SYMBOL(name) FARPROC __imp_##name;
#include "node-api-symbols.h"
#undef H5TRACKS_SYMBOL

static const struct {
  const char* name;
  FARPROC* place;
} symbols[] = {
#define H5TRACKS_SYMBOL(name) {#name, &__imp_##name},
#include "node-api-symbols.h"
#undef H5TRACKS_SYMBOL
};

static FARPROC find(const char* name) {
  static const wchar_t* const libraries[] = {NULL, L"libnode.dll", L"node.dll"};
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; ++i) {
    const HMODULE module = GetModuleHandleW(libraries[i]);
    const FARPROC found = module ? GetProcAddress(module, name) : NULL;
    if (found) return found;
  }
  return NULL;
}

/* A function that this Node does not have and that is called all the same. */
static INT_PTR WINAPI missing(void) { abort(); }

__attribute__((constructor)) static void fill(void) {
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; ++i) {
    const FARPROC found = find(symbols[i].name);
    *symbols[i].place = found ? found : (FARPROC)missing;
  }
}
