// Owners of HDF5 identifiers: movable, not copyable. The destructor closes the identifier; the caller holds the Lock.
#pragma once

#include <hdf5.h>

#include <utility>

namespace h5tracks::hdf5 {

template <auto Close>
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) Close(id_);
  }

  hid_t get() const { return id_; }
  hid_t release() { return std::exchange(id_, H5I_INVALID_HID); }
  void reset() { Handle(std::move(*this)); }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

// Another owner of an identifier that somebody else also owns: increments its reference count.
template <typename Owner>
Owner shared(hid_t id) {
  H5Iinc_ref(id);
  return Owner(id);
}

using FileId = Handle<H5Fclose>;
using DatasetId = Handle<H5Dclose>;
using SpaceId = Handle<H5Sclose>;
// Not H5Tclose, which refuses HDF5's predefined types; those have owners here like all others.
using TypeId = Handle<H5Idec_ref>;
using PropertiesId = Handle<H5Pclose>;
using AttributeId = Handle<H5Aclose>;
using ObjectId = Handle<H5Oclose>;
using GroupId = Handle<H5Gclose>;

}  // namespace h5tracks::hdf5
