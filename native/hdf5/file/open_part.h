// An open part of a file, which the file closes when it is closed itself, and the error of closing such parts.
#pragma once

#include <optional>
#include <utility>

#include "system/error.h"

namespace h5tracks::hdf5 {

// The first error of closing parts of a file that no caller could catch: HDF5 drops the values that it cannot write
// then. The next flush or close of the file throws it. The caller holds the Lock.
class LateError {
 public:
  // False: HDF5 has the file open for reading only, so no values can be lost.
  bool can_lose = false;

  void keep(Error error) {
    if (!first_) first_ = std::move(error);
  }
  std::optional<Error> take() { return std::exchange(first_, std::nullopt); }

 private:
  std::optional<Error> first_;
};

class OpenPart {
 public:
  OpenPart() = default;
  virtual ~OpenPart() = default;
  OpenPart(const OpenPart&) = delete;
  OpenPart& operator=(const OpenPart&) = delete;

  // The caller holds the Lock. Does nothing if it is closed already. Throws if values could not be written; it is
  // closed then too.
  virtual void close_locked() = 0;
  // The same where no caller can catch the error.
  void close_reporting_to(LateError& late_error) {
    try {
      close_locked();
    } catch (const Error& error) {
      late_error.keep(error);
    }
  }
};

}  // namespace h5tracks::hdf5
