// Converts names, paths and other short texts between files and JavaScript. In a file they are bytes, mostly UTF-8. A
// byte that is not a part of a character becomes a lone surrogate, U+DC80 to U+DCFF, as in Python (surrogateescape). So
// every name can be shown, passed back and found, and different names stay different.
#pragma once

#include <string>

#include "binding/core/napi_setup.h"

namespace h5tracks::binding {

Napi::String text_to_js(Napi::Env env, const std::string& text);

// Throws ERR_INVALID_ARGUMENT for any other lone surrogate, and for NUL, where HDF5 would end the text.
std::string text_of(const Napi::String& text);

}  // namespace h5tracks::binding
