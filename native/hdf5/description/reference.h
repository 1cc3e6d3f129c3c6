// References. Of the two old kinds HDF5 has bytes that mean something in a file; of the kind that came with HDF5 1.12,
// to objects, parts of datasets or attributes, it has pointers and a hold on the file. Those travel as
//   nothing                      null
//   kind, address, what else     1: an object; 2: a part of a dataset, and its selection; 3: an attribute, and its name
// where the address is the 8 bytes that the old kind has for the object. Caller holds the Lock.
#pragma once

#include <deque>
#include <string>

#include "hdf5/core/dynamic_value.h"
#include "hdf5/core/handle.h"

namespace h5tracks::hdf5 {

// Throws ERR_UNSUPPORTED for kinds that this HDF5 does not know.
bool is_new_reference(hid_t type);
TypeId new_reference_type();

// Puts what the reference at `from` leads to behind `into`. Throws ERR_UNSUPPORTED where that is another file.
void take_reference(const unsigned char* from, Bytes& into);
// Gives back what HDF5 holds for it, and makes it null.
void drop_reference(unsigned char* at);

// References that are made to be written, and held until then.
class References {
 public:
  // `location`: of the file that they lead into.
  explicit References(hid_t location) : location_(location) {}
  References(const References&) = delete;
  References& operator=(const References&) = delete;
  ~References();

  // Throws ERR_NOT_FOUND where it leads to nothing.
  void make(const View& travelling, unsigned char* into);

 private:
  const hid_t location_;
  std::deque<Bytes> made_;
};

// What a reference to a region has as bytes, of the old kind or the new: the dataset's dataspace, with that selected.
// Throws ERR_INVALID_ARGUMENT for what is none.
SpaceId region_space(hid_t location, const View& reference);

// The object that a reference of any kind leads to. `to`: 'object', 'region' or 'attribute'.
ObjectId open_referenced(hid_t location, const std::string& to, const View& reference);

}  // namespace h5tracks::hdf5
