// A memory-mapped file, shared with every process that maps it.
#pragma once

#include <cstddef>
#include <utility>

#include "system/file.h"

namespace h5tracks::system {

class Mapping {
 public:
  enum class Access { kRead, kReadWrite };

  Mapping() = default;
  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Mapping();

  // The first bytes of the file, which has them. Returns no mapping if that fails, with errno set.
  static Mapping of(FileNumber file, std::size_t bytes, Access access);

  // Replaces the mapping by private zeros at the same address, so that the file is not mapped any more. If that fails,
  // the mapping stays, and the file's disk space with it.
  void detach();
  // Makes what was stored through the mapping part of what sync_data() syncs. False with errno set.
  bool pass_on() const;

  explicit operator bool() const { return data_ != nullptr; }
  unsigned char* data() const { return data_; }
  std::size_t size() const { return bytes_; }

 private:
  Mapping(unsigned char* data, std::size_t bytes) : data_(data), bytes_(bytes) {}

  unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace h5tracks::system
