// Names, paths and other short texts of a file. They are bytes there, in UTF-8 but for what others wrote: a byte that
// is no part of a character is U+DC80 to U+DCFF in JavaScript, a surrogate that stands alone, as Python has it
// (surrogateescape). So every name can be told, given back and found, and no two are told alike.
#pragma once

#include <string>

#include "binding/napi_setup.h"

namespace h5tracks::binding {

Napi::String text_to_js(Napi::Env env, const std::string& text);

// Throws ERR_INVALID_ARGUMENT for another surrogate that stands alone, and for NUL, at which HDF5 would end the text.
std::string text_of(const Napi::String& text);

}  // namespace h5tracks::binding
