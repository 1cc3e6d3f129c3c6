#include "binding/boxes.h"

#include "binding/core/conversions.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/handle.h"
#include "binding/core/mailbox.h"
#include "hdf5/file/file.h"
#include "stream/boxes/box_reader.h"
#include "stream/boxes/box_writer.h"
#include "stream/threads/threads.h"

namespace h5tracks::binding {

namespace {

using stream::Use;

// The bytes of a typed array.
struct Memory {
  explicit Memory(const Napi::Value& array) {
    napi_typedarray_type type = napi_uint8_array;
    void* at = nullptr;
    napi_get_typedarray_info(array.Env(), array, &type, &elements, &at, nullptr, nullptr);
    data = static_cast<unsigned char*>(at);
    constexpr std::size_t kSizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8};
    bytes = elements * kSizes[type];
  }

  unsigned char* data = nullptr;
  std::size_t elements = 0, bytes = 0;
};

hdf5::Box box_of(const Napi::Value& value) {
  const Memory given(value);
  const auto* numbers = reinterpret_cast<const double*>(given.data);
  const std::size_t rank = given.elements / 3;
  const auto axes = [&](std::size_t which) {
    return hdf5::Shape(numbers + which * rank, numbers + (which + 1) * rank);
  };
  return {axes(0), axes(1), axes(2)};
}

// The arguments of a call.
struct Transfer {
  explicit Transfer(const Napi::CallbackInfo& info)
      : values(values_of(info[0])), memory(info[1]), box(box_of(info[2])) {}

  // The first call takes the Lock, to look at the dataset.
  std::vector<stream::ReadRequest> read() const { return {{checked(), box, memory.data}}; }
  stream::WriteRequest write() const {
    values->object->file->check_writable();
    return {values->object->file, checked(), box, memory.data};
  }
  stream::RequestQueue& request_queue() const { return *values->state.requests; }

  std::shared_ptr<Values> values;
  Memory memory;
  hdf5::Box box;

 private:
  static std::shared_ptr<Values> values_of(const Napi::Value& value) {
    if (const Handle* handle = Handle::of(value.As<Napi::Object>())) return handle->values();
    throw Error("ERR_INVALID_ARGUMENT", "only a dataset has values");
  }

  std::shared_ptr<stream::StoredDataset> checked() const {
    const auto stored = values->stored();
    const std::size_t size = stored->memory_layout.size;
    if (box.elements() <= memory.bytes / size && box.elements() * size == memory.bytes) return stored;
    throw Error("ERR_INVALID_ARGUMENT", "'" + stored->dataset->path + "' has " + std::to_string(box.elements()) +
                                            " elements of " + std::to_string(size) +
                                            " bytes in this selection, but the array has " +
                                            std::to_string(memory.bytes) + " bytes");
  }
};

// Queues the request. If the environment has ended when its turn comes, it does nothing, because the memory may be
// gone.
Napi::Value promised(const Napi::CallbackInfo& info, Use use, stream::RequestQueue& queue,
                     stream::RequestQueue::Start start) {
  const Napi::Env env = info.Env();
  auto mailbox = Environment::of(env).mailbox;
  return mailbox->promise(env, handles_and_memory(info), [&](stream::Done done) {
    const auto run = [mailbox, start = std::move(start)](stream::Done done) {
      if (!mailbox->is_open()) return done(std::nullopt);
      start(std::move(done));
    };
    queue.post(use, run, std::move(done));
  });
}

}  // namespace

void read_box_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), "", [&] {
    const Transfer transfer(info);
    const auto requests = transfer.read();
    if (transfer.request_queue().is_quiet() && stream::read_from_cache(requests)) return;
    transfer.request_queue().run(
        Use::kReads, [&](stream::Done done) { stream::read_all(requests, std::move(done), stream::Caller::kWaits); });
  });
}

Napi::Value read_box(const Napi::CallbackInfo& info) {
  const auto transfer = guarded(info.Env(), "", [&] { return Transfer(info); });
  return promised(info, Use::kReads, transfer.request_queue(),
                  [transfer](stream::Done done) { stream::read_all(transfer.read(), std::move(done)); });
}

void write_box_sync(const Napi::CallbackInfo& info) {
  guarded(info.Env(), "", [&] {
    const Transfer transfer(info);
    transfer.request_queue().run(Use::kChanges, [&](stream::Done done) {
      stream::write_all(transfer.write(), std::move(done), stream::Caller::kWaits);
    });
  });
}

Napi::Value write_box(const Napi::CallbackInfo& info) {
  const auto transfer = guarded(info.Env(), "", [&] { return Transfer(info); });
  return promised(info, Use::kChanges, transfer.request_queue(),
                  [transfer](stream::Done done) { stream::write_all(transfer.write(), std::move(done)); });
}

}  // namespace h5tracks::binding
