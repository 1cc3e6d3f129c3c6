// The callback with which work on other threads reports its end.
#pragma once

#include <functional>
#include <optional>

#include "system/error.h"

namespace h5tracks::stream {

// Called once, on any thread, with the failure if there was one.
using Done = std::function<void(const std::optional<Error>&)>;

// Calls `start`; an error that it throws goes to `done`.
void start_safely(const std::function<void(Done)>& start, const Done& done);

// Calls `start`, waits until it calls its argument, and throws the failure.
void wait_for(const std::function<void(Done)>& start);

}  // namespace h5tracks::stream
