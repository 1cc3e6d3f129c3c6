// Turns system errors of a journal into errors about its file.
#pragma once

#include <string>

#include "journal/system_error.h"
#include "system/error.h"

namespace h5tracks::stream {

// Runs `action` and turns its system errors into errors about the file whose message names the journal, or the path
// that the failed call used.
template <typename Action>
auto on_journal(const std::string& file, const std::string& journal, Action action) -> decltype(action()) {
  try {
    return action();
  } catch (const journal::SystemError& failed) {
    Error error = system_error(failed.number, failed.syscall, failed.path.empty() ? journal : failed.path);
    error.path = file;
    throw error;
  }
}

}  // namespace h5tracks::stream
