#include "system/error_text.h"

#include <cctype>
#include <cerrno>
#include <cstring>

namespace h5tracks::system {

std::string error_text(int number) {
  if (number == EBUSY) return "another program has the file open and does not share it; close it there and try again";
  std::string text = std::strerror(number);
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace h5tracks::system
