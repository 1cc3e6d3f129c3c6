#include "system/error_text.h"

#include <cctype>
#include <cstring>

namespace h5tracks::system {

std::string error_text(int number) {
  std::string text = std::strerror(number);
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace h5tracks::system
