// A dynamically typed value: the arguments and the answer of an operation, on both sides of the binding. lib/ has
// already checked what users pass, so a value of the wrong type here is a bug of ours.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "hdf5/core/shape.h"

namespace h5tracks::hdf5 {

class Object;

// Memory that belongs to the caller, who keeps it alive.
struct View {
  unsigned char* data = nullptr;
  std::size_t size = 0;
};

// Memory whose ownership passes to the caller.
using Bytes = std::vector<unsigned char>;

struct DynamicValue;
using List = std::vector<DynamicValue>;
using Map = std::vector<std::pair<std::string, DynamicValue>>;

struct DynamicValue {
  using Held = std::variant<std::monostate, bool, double, std::int64_t, std::uint64_t, std::string, View,
                            std::shared_ptr<Bytes>, std::shared_ptr<Object>, List, Map>;

  DynamicValue() = default;
  // Not inline, because gcc warns of uninitialised members in inlined moves of the variant.
  DynamicValue(const DynamicValue& other);
  DynamicValue(DynamicValue&& other) noexcept;
  DynamicValue& operator=(const DynamicValue& other);
  DynamicValue& operator=(DynamicValue&& other) noexcept;
  ~DynamicValue();

  DynamicValue(bool value) : value(value) {}
  DynamicValue(int value) : value(static_cast<double>(value)) {}
  DynamicValue(unsigned value) : value(static_cast<double>(value)) {}
  DynamicValue(double value) : value(value) {}
  DynamicValue(const char* value) : value(std::string(value)) {}
  template <typename T>
  DynamicValue(T value) : value(std::move(value)) {}

  // For counts, sizes and addresses, which are numbers in JavaScript.
  static DynamicValue count(std::uint64_t value) { return DynamicValue(static_cast<double>(value)); }
  static DynamicValue shape(const Shape& shape);  // H5S_UNLIMITED becomes null
  static DynamicValue bytes(Bytes bytes) { return DynamicValue(std::make_shared<Bytes>(std::move(bytes))); }

  explicit operator bool() const { return !std::holds_alternative<std::monostate>(value); }
  bool is_text() const { return std::holds_alternative<std::string>(value); }
  bool is_map() const { return std::holds_alternative<Map>(value); }
  bool is_object() const { return std::holds_alternative<std::shared_ptr<Object>>(value); }

  // Each throws if the value has another type.
  bool flag() const;
  double number() const;
  hsize_t count() const;
  int integer() const { return static_cast<int>(number()); }
  const std::string& text() const;
  View view() const;
  const std::shared_ptr<Object>& object() const;
  const List& list() const;
  const Map& map() const;
  Shape shape() const;  // null becomes H5S_UNLIMITED

  // An item of a list or a map; an empty value if there is none.
  const DynamicValue& operator[](int index) const;
  const DynamicValue& operator[](const char* name) const;

  Held value;
};

}  // namespace h5tracks::hdf5
