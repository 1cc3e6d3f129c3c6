#include "binding/memory.h"

#include <memory>
#include <vector>

#include "binding/errors.h"
#include "system/memory.h"

namespace h5tracks::binding {

namespace {

constexpr std::size_t kAlignment = 64;

// What one buffer has of the memory of all.
struct Part {
  std::shared_ptr<unsigned char> memory;
  std::size_t bytes;
};

void give_back(Napi::BasicEnv, void* data, Part* part) {
  // The last one gives back everything.
  if (part->memory.use_count() > 1) system::give_back(data, part->bytes);
  delete part;
}

}  // namespace

Napi::Value new_buffers(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Array>();
  std::vector<std::size_t> sizes;
  std::size_t total = 0;
  for (std::uint32_t i = 0; i < given.Length(); ++i) {
    sizes.push_back(static_cast<std::size_t>(given.Get(i).As<Napi::Number>().Int64Value()));
    total += (sizes.back() + kAlignment - 1) / kAlignment * kAlignment;
  }
  const auto memory = guarded(info.Env(), "", [&] { return system::large_memory(total); });
  auto buffers = Napi::Array::New(info.Env());
  unsigned char* at = memory.get();
  for (const std::size_t bytes : sizes) {
    buffers[buffers.Length()] = Napi::ArrayBuffer::New(info.Env(), at, bytes, give_back, new Part{memory, bytes});
    at += (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }
  return buffers;
}

}  // namespace h5tracks::binding
