// The errors that refuse a file because of the journal beside it.
#pragma once

#include <string>

#include "system/error.h"

namespace h5tracks::stream {

// ERR_NEEDS_RECOVERY: the journal's writer is dead. `remedy` continues the message with another way out.
Error needs_recovery(const std::string& path, const std::string& remedy = "");
// ERR_LOCKED: the writer, or a recovery, lives.
Error in_use(const std::string& path);

}  // namespace h5tracks::stream
