#include "binding/core/memory.h"

#include <functional>
#include <map>
#include <mutex>

#include "binding/core/conversions.h"
#include "binding/core/errors.h"
#include "binding/core/external_memory.h"
#include "system/memory.h"

namespace h5tracks::binding {

namespace {

constexpr std::size_t kAlignment = 64;

// One buffer's part of a shared piece of memory.
struct Part {
  std::shared_ptr<unsigned char> memory;
  std::size_t bytes;
};

// The pieces in use, by their first byte.
struct Registry {
  struct Piece {
    std::size_t bytes;
    std::weak_ptr<unsigned char> memory;
  };
  bool has_pieces() {
    const std::lock_guard<std::mutex> guard(mutex);
    return !pieces.empty();
  }

  std::mutex mutex;
  std::map<const unsigned char*, Piece> pieces;
};

Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

std::shared_ptr<unsigned char> registered(std::size_t bytes) {
  const auto memory = system::large_memory(bytes);
  const std::shared_ptr<unsigned char> known(memory.get(), [memory](unsigned char* at) {
    const std::lock_guard<std::mutex> guard(registry().mutex);
    registry().pieces.erase(at);
  });
  const std::lock_guard<std::mutex> guard(registry().mutex);
  registry().pieces[memory.get()] = {bytes, known};
  return known;
}

std::shared_ptr<unsigned char> owner_of(const unsigned char* at) {
  const std::lock_guard<std::mutex> guard(registry().mutex);
  auto next = registry().pieces.upper_bound(at);
  if (next == registry().pieces.begin()) return nullptr;
  const auto& [begin, piece] = *--next;
  return static_cast<std::size_t>(at - begin) < piece.bytes ? piece.memory.lock() : nullptr;
}

void give_back(Napi::BasicEnv, void* data, Part* part) {
  // The last buffer frees the whole piece.
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
    total += system::whole(kAlignment, sizes.back());
  }
  auto buffers = Napi::Array::New(info.Env());
  if (!has_external_memory(info.Env())) {
    for (const std::size_t bytes : sizes) buffers[buffers.Length()] = Napi::ArrayBuffer::New(info.Env(), bytes);
    return buffers;
  }
  const auto memory = guarded(info.Env(), "", [&] { return registered(total); });
  unsigned char* at = memory.get();
  for (const std::size_t bytes : sizes) {
    buffers[buffers.Length()] = Napi::ArrayBuffer::New(info.Env(), at, bytes, give_back, new Part{memory, bytes});
    at += system::whole(kAlignment, bytes);
  }
  return buffers;
}

Owners owners_of(const Napi::Value& kept) {
  Owners owners;
  if (!registry().has_pieces()) return owners;
  const std::function<void(const Napi::Value&, int)> add = [&](const Napi::Value& value, int depth) {
    if (value.IsTypedArray()) {
      auto owner = owner_of(bytes_of(value.As<Napi::TypedArray>()));
      if (owner && (owners.empty() || owners.back() != owner)) owners.push_back(std::move(owner));
    } else if (depth > 0 && value.IsArray()) {
      const auto several = value.As<Napi::Array>();
      for (std::uint32_t i = 0; i < several.Length(); ++i) add(several.Get(i), depth - 1);
    }
  };
  add(kept, 2);
  return owners;
}

}  // namespace h5tracks::binding
