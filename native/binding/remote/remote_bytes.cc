#include "binding/remote/remote_bytes.h"

#include "binding/core/errors.h"

namespace h5tracks::binding {

namespace {

using Ranges = std::vector<hdf5::RemoteBytes::Range>;

std::uint64_t count_of(const Napi::Value& value) {
  return static_cast<std::uint64_t>(value.As<Napi::Number>().DoubleValue());
}

// The begin and the end of each range, one after the other.
Napi::Value to_js(Napi::Env env, const Ranges& ranges) {
  auto numbers = Napi::Float64Array::New(env, 2 * ranges.size());
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    numbers[2 * i] = static_cast<double>(ranges[i].begin);
    numbers[2 * i + 1] = static_cast<double>(ranges[i].end);
  }
  return numbers;
}

}  // namespace

Napi::Function RemoteBytes::define(Napi::Env env) {
  return DefineClass(
      env, "RemoteBytes",
      {InstanceMethod<&RemoteBytes::take_missed>("takeMissed"), InstanceMethod<&RemoteBytes::absent>("absent"),
       InstanceMethod<&RemoteBytes::put>("put"), InstanceMethod<&RemoteBytes::trim>("trim")});
}

RemoteBytes::RemoteBytes(const Napi::CallbackInfo& info)
    : ObjectWrap(info), bytes_(std::make_shared<hdf5::RemoteBytes>(count_of(info[0]))) {}

Napi::Value RemoteBytes::take_missed(const Napi::CallbackInfo& info) {
  return to_js(info.Env(), bytes_->take_missed());
}

Napi::Value RemoteBytes::absent(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Float64Array>();
  Ranges ranges;
  for (std::size_t i = 0; i + 1 < given.ElementLength(); i += 2) {
    const auto some = bytes_->absent({static_cast<std::uint64_t>(given[i]), static_cast<std::uint64_t>(given[i + 1])});
    ranges.insert(ranges.end(), some.begin(), some.end());
  }
  return to_js(info.Env(), ranges);
}

void RemoteBytes::put(const Napi::CallbackInfo& info) {
  const auto bytes = info[1].As<Napi::Uint8Array>();
  guarded(info.Env(), "", [&] { bytes_->put(count_of(info[0]), bytes.Data(), bytes.ElementLength()); });
}

void RemoteBytes::trim(const Napi::CallbackInfo& info) { bytes_->trim(count_of(info[0])); }

}  // namespace h5tracks::binding
