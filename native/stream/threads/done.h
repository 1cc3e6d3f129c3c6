// How work on other threads reports its end.
#pragma once

#include <functional>
#include <optional>

#include "system/error.h"

namespace h5tracks::stream {

// Called once, on any thread, with the failure or with none.
using Done = std::function<void(const std::optional<Error>&)>;

// Starts something that calls its argument when it is done, waits for that, and throws the failure.
void wait_for(const std::function<void(Done)>& start);

}  // namespace h5tracks::stream
