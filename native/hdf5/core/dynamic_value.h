// Plain data: what an operation is asked with and what it answers, the same on both sides of the binding. lib/ has
// checked what users give; what does not fit here is a mistake of ours.
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

// Memory of the caller's, who keeps it.
struct View {
  unsigned char* data = nullptr;
  std::size_t size = 0;
};

// Memory that goes to the caller.
using Bytes = std::vector<unsigned char>;

struct Tree;
using List = std::vector<Tree>;
using Map = std::vector<std::pair<std::string, Tree>>;

struct Tree {
  using Value = std::variant<std::monostate, bool, double, std::int64_t, std::uint64_t, std::string, View,
                             std::shared_ptr<Bytes>, std::shared_ptr<Object>, List, Map>;

  Tree() = default;
  // Not inline: the compiler takes moves of the variant for uses of what is not there.
  Tree(const Tree& other);
  Tree(Tree&& other) noexcept;
  Tree& operator=(const Tree& other);
  Tree& operator=(Tree&& other) noexcept;
  ~Tree();

  Tree(bool value) : value(value) {}
  Tree(int value) : value(static_cast<double>(value)) {}
  Tree(unsigned value) : value(static_cast<double>(value)) {}
  Tree(double value) : value(value) {}
  Tree(const char* value) : value(std::string(value)) {}
  template <typename T>
  Tree(T value) : value(std::move(value)) {}

  // Of counts, sizes and addresses, which are numbers in JavaScript.
  static Tree count(std::uint64_t value) { return Tree(static_cast<double>(value)); }
  static Tree shape(const Shape& shape);  // H5S_UNLIMITED is null
  static Tree bytes(Bytes bytes) { return Tree(std::make_shared<Bytes>(std::move(bytes))); }

  explicit operator bool() const { return !std::holds_alternative<std::monostate>(value); }
  bool is_text() const { return std::holds_alternative<std::string>(value); }
  bool is_map() const { return std::holds_alternative<Map>(value); }
  bool is_object() const { return std::holds_alternative<std::shared_ptr<Object>>(value); }

  // Each throws where it is something else.
  bool flag() const;
  double number() const;
  hsize_t count() const;
  int integer() const { return static_cast<int>(number()); }
  const std::string& text() const;
  View view() const;
  const std::shared_ptr<Object>& object() const;
  const List& list() const;
  const Map& map() const;
  Shape shape() const;  // null is H5S_UNLIMITED

  // Of a list or map; nothing where there is none.
  const Tree& operator[](int index) const;
  const Tree& operator[](const char* name) const;

  Value value;
};

}  // namespace h5tracks::hdf5
