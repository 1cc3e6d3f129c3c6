// What an errno means, in words.
#pragma once

#include <string>

namespace h5tracks::system {

// As strerror() says it, but without a capital at the beginning.
std::string error_text(int error_number);

}  // namespace h5tracks::system
