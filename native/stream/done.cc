#include "stream/done.h"

#include <future>
#include <memory>

namespace h5tracks::stream {

void wait_for(const std::function<void(Done)>& start) {
  const auto outcome = std::make_shared<std::promise<std::optional<hdf5::Error>>>();
  start([outcome](const std::optional<hdf5::Error>& failure) { outcome->set_value(failure); });
  if (const auto failure = outcome->get_future().get()) throw *failure;
}

}  // namespace h5tracks::stream
