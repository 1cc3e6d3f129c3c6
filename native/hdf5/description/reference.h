// References. The two old kinds are bytes with a meaning in their file. The kind of HDF5 1.12, to objects, regions or
// attributes, is pointers in memory, and keeps its file open. It is passed to and from lib/ as bytes:
//   nothing              null
//   kind, address, rest  1: an object; 2: a region, and its selection; 3: an attribute, and its name
// where the address is the 8 bytes of an old object reference. The caller holds the Lock.
#pragma once

#include <deque>
#include <string>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// Throws ERR_UNSUPPORTED for kinds that this version of HDF5 does not support.
bool is_new_reference(hid_t type);
TypeId new_reference_type();

// Appends the bytes of the reference at `from` to `into`. Throws ERR_UNSUPPORTED if it points to another file.
void take_reference(const unsigned char* from, Bytes& into);
// Frees what HDF5 allocated for the reference, and sets it to null.
void drop_reference(unsigned char* at);

// References to be written; keeps them until destruction.
class References {
 public:
  // `location`: any object of the file that they point into.
  explicit References(hid_t location) : location_(location) {}
  References(const References&) = delete;
  References& operator=(const References&) = delete;
  ~References();

  // Throws ERR_NOT_FOUND if the target does not exist.
  void make(const View& travelling, unsigned char* into);

 private:
  const hid_t location_;
  std::deque<Bytes> made_;
};

// The dataspace of the dataset that a region reference points to, with the region selected; `reference` is the bytes of
// the old kind or the new. Throws ERR_INVALID_ARGUMENT if they are not a region reference.
SpaceId region_space(hid_t location, const View& reference);

// Opens the object that a reference of any kind points to. `to`: 'object', 'region' or 'attribute'.
ObjectId open_referenced(hid_t location, const std::string& to, const View& reference);

}  // namespace h5tracks::hdf5
