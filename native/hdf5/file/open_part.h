// An open part of a file, which the file closes when it is closed itself.
#pragma once

namespace h5tracks::hdf5 {

class OpenPart {
 public:
  OpenPart() = default;
  virtual ~OpenPart() = default;
  OpenPart(const OpenPart&) = delete;
  OpenPart& operator=(const OpenPart&) = delete;

  // The caller holds the Lock. Does nothing if it is closed already.
  virtual void close_locked() = 0;
};

}  // namespace h5tracks::hdf5
