#include "hdf5/core/error_stack.h"

#include <hdf5.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>

namespace h5tracks::hdf5 {

namespace {

std::string message_text(hid_t message) {
  char text[256] = "";
  H5E_type_t type;
  H5Eget_msg(message, &type, text, sizeof text);
  return text;
}

// The identifiers under which HDF5 knows our kinds of errors.
struct OwnErrors {
  hid_t error_class, file_driver, system_call;
};

OwnErrors own_errors;

struct SystemFailure {
  int number = 0;
  std::string syscall;
};

struct Collected {
  std::vector<ErrorFrame> stack;
  SystemFailure failure;
};

constexpr char kFailureText[] = "%s failed with errno %d";
constexpr char kFailureRead[] = "%31s failed with errno %d";

herr_t collect(unsigned, const H5E_error2_t* entry, void* into) {
  auto& collected = *static_cast<Collected*>(into);
  const std::string text = entry->desc ? entry->desc : "";
  collected.stack.push_back(
      {entry->func_name ? entry->func_name : "", message_text(entry->maj_num), message_text(entry->min_num), text});
  if (entry->cls_id != own_errors.error_class) return 0;
  char syscall[32] = "";
  int number = 0;
  if (std::sscanf(text.c_str(), kFailureRead, syscall, &number) == 2) collected.failure = {number, syscall};
  return 0;
}

// The texts of HDF5's errors for data that must fit into an object header message, which is limited to 64 KiB.
constexpr std::string_view kTooLarge[] = {"object header message is too large",
                                          "compact dataset size is bigger than header message maximum size"};

Error error_of_stack(const std::vector<ErrorFrame>& stack) {
  if (stack.empty()) return Error("ERR_HDF5", "HDF5 gave no reason");
  // The outermost line says what was attempted, the innermost why it failed.
  std::string message = stack.front().text;
  if (stack.size() > 1) message += ": " + stack.back().text;
  const bool too_large =
      std::find(std::begin(kTooLarge), std::end(kTooLarge), stack.back().text) != std::end(kTooLarge);
  return Error(too_large ? "ERR_TOO_LARGE" : "ERR_HDF5", message);
}

}  // namespace

void register_errors() {
  own_errors.error_class = H5Eregister_class("h5tracks", "h5tracks", "1");
  own_errors.file_driver = H5Ecreate_msg(own_errors.error_class, H5E_MAJOR, "File driver");
  own_errors.system_call = H5Ecreate_msg(own_errors.error_class, H5E_MINOR, "System call failed");
}

void push_system_error(int number, const char* syscall) noexcept {
  H5Epush2(H5E_DEFAULT, "h5tracks", syscall, 0, own_errors.error_class, own_errors.file_driver, own_errors.system_call,
           kFailureText, syscall, number);
}

Error take_error() {
  Collected collected;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, collect, &collected);
  H5Eclear2(H5E_DEFAULT);
  const auto& [number, syscall] = collected.failure;
  Error error = number ? system_error(number, syscall) : error_of_stack(collected.stack);
  error.stack = std::move(collected.stack);
  return error;
}

}  // namespace h5tracks::hdf5
