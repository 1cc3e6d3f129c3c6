#include "binding/core/text.h"

#include <algorithm>
#include <cstdint>

#include "system/error.h"

namespace h5tracks::binding {

namespace {

constexpr char16_t kEscape = 0xDC00;
// What V8 writes for a lone surrogate: U+FFFD in UTF-8.
constexpr char kReplacement[] = "\xEF\xBF\xBD";

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: no character begins here
};

// Valid UTF-8 only: no overlong forms, no surrogates, nothing above U+10FFFF.
Character character_at(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return {};
  char32_t code = first & (0xFF >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {};
    code = (code << 6) | (byte(at + i) & 0x3F);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[bytes] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
  return {code, bytes};
}

void append(std::u16string& text, char32_t code) {
  if (code < 0x10000) return text.push_back(static_cast<char16_t>(code));
  text.push_back(static_cast<char16_t>(0xD800 + ((code - 0x10000) >> 10)));
  text.push_back(static_cast<char16_t>(0xDC00 + ((code - 0x10000) & 0x3FF)));
}

void append(std::string& text, char32_t code) {
  const auto push = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return push(code);
  if (code < 0x800) {
    push(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    push(0xE0 | (code >> 12));
    push(0x80 | ((code >> 6) & 0x3F));
  } else {
    push(0xF0 | (code >> 18));
    push(0x80 | ((code >> 12) & 0x3F));
    push(0x80 | ((code >> 6) & 0x3F));
  }
  push(0x80 | (code & 0x3F));
}

std::string with_escapes(const std::u16string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char16_t unit = text[i], next = i + 1 < text.size() ? text[i + 1] : u'\0';
    if (unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000) {
      append(bytes, 0x10000 + ((char32_t{unit} - 0xD800) << 10) + (char32_t{next} - 0xDC00));
      ++i;
    } else if (unit >= kEscape + 0x80 && unit <= kEscape + 0xFF) {
      bytes.push_back(static_cast<char>(unit - kEscape));
    } else if (unit >= 0xD800 && unit < 0xE000) {
      throw Error("ERR_INVALID_ARGUMENT",
                  "a name or text must not contain a lone surrogate, except those for bytes that are not UTF-8 (U+DC80 "
                  "to U+DCFF)");
    } else {
      append(bytes, char32_t{unit});
    }
  }
  return bytes;
}

}  // namespace

Napi::String text_to_js(Napi::Env env, const std::string& text) {
  if (is_ascii(text)) return Napi::String::New(env, text);
  std::u16string units;
  units.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, bytes] = character_at(text, at);
    append(units, bytes > 0 ? code : char32_t{kEscape} + static_cast<unsigned char>(text[at]));
    at += bytes > 0 ? bytes : 1;
  }
  return Napi::String::New(env, units);
}

std::string text_of(const Napi::String& text) {
  std::string bytes = text.Utf8Value();
  if (bytes.find(kReplacement) != std::string::npos) bytes = with_escapes(text.Utf16Value());
  if (const auto nul = bytes.find('\0'); nul != std::string::npos) {
    throw Error("ERR_INVALID_ARGUMENT",
                "a name or text must not contain NUL; got one after '" + bytes.substr(0, nul) + "'");
  }
  return bytes;
}

}  // namespace h5tracks::binding
