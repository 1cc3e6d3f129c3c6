#include "hdf5/description/reference.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "hdf5/core/call.h"
#include "hdf5/description/region.h"
#include "hdf5/file/image.h"
#include "hdf5/file/library_version.h"

namespace h5tracks::hdf5 {

namespace {

constexpr std::size_t kAddress = sizeof(hobj_ref_t), kOldRegion = sizeof(hdset_reg_ref_t);
constexpr unsigned char kObject = 1, kRegion = 2, kAttribute = 3;

[[noreturn]] void refuse() { throw Error("ERR_INVALID_ARGUMENT", "these bytes are not a reference"); }

View behind(const View& view, std::size_t count) {
  if (view.size < count) refuse();
  return {view.data + count, view.size - count};
}

ObjectId open_at(hid_t location, const View& reference) {
  hobj_ref_t address;
  if (reference.size < kAddress) refuse();
  std::memcpy(&address, reference.data, sizeof address);
  return ObjectId(call<H5Rdereference2>(location, H5P_DEFAULT, H5R_OBJECT, static_cast<const void*>(&address)));
}

// The bytes of an old region reference, aligned.
struct OldRegion {
  explicit OldRegion(const View& reference) { std::memcpy(&bytes, reference.data, sizeof bytes); }
  const void* data() const { return &bytes; }
  alignas(std::max_align_t) hdset_reg_ref_t bytes;
};

}  // namespace

ObjectId open_referenced(hid_t location, const std::string& to, const View& reference) {
  if (to == "region" && reference.size == kOldRegion) {
    return ObjectId(call<H5Rdereference2>(location, H5P_DEFAULT, H5R_DATASET_REGION, OldRegion(reference).data()));
  }
  if (to == "object" && reference.size != kAddress) refuse();
  return open_at(location, reference);
}

SpaceId region_space(hid_t location, const View& reference) {
  if (reference.size == kOldRegion) {
    return SpaceId(call<H5Rget_region>(location, H5R_DATASET_REGION, OldRegion(reference).data()));
  }
  const ObjectId dataset = open_at(location, reference);
  if (H5Iget_type(dataset.get()) != H5I_DATASET) {
    throw Error("ERR_NOT_FOUND", "a region reference does not point to a dataset of this file");
  }
  SpaceId space(call<H5Dget_space>(dataset.get()));
  apply_selection(behind(reference, kAddress), space.get());
  return space;
}

#if H5_VERSION_GE(1, 12, 0)

namespace {

// The beginning of HDF5's in-memory reference. Its functions reveal the address only by opening the object, which is
// impossible for a deleted one.
struct Inside {
  unsigned char token[H5O_MAX_TOKEN_SIZE];
  const char* file;  // null: the file that contains the reference
};

// Tests once whether HDF5's structure is what Inside assumes.
void check_inside(H5R_ref_t& reference, const Inside& inside) {
  static bool right = false;
  if (right) return;
  const hid_t id = H5Ropen_object(&reference, H5P_DEFAULT, H5P_DEFAULT);
  H5Eclear2(H5E_DEFAULT);
  if (id < 0) return;
  const ObjectId object(id);
  const ObjectToken token = token_of(object.get());
  right = std::equal(token.begin(), token.end(), std::begin(inside.token));
  if (!right)
    throw Error("ERR_UNSUPPORTED", hdf5_version() + " stores references in a form that h5tracks does not know");
}

[[noreturn]] void refuse_other_file(const H5R_ref_t& reference) {
  char name[1024] = "";
  H5Rget_file_name(&reference, static_cast<char*>(name), sizeof name);
  throw Error("ERR_UNSUPPORTED", std::string("a reference points to another file, '") + static_cast<const char*>(name) +
                                     "', which is not opened");
}

// Appends nothing if the dataset was deleted.
void append_region(H5R_ref_t& reference, Bytes& into) {
  const hid_t id = H5Ropen_region(&reference, H5P_DEFAULT, H5P_DEFAULT);
  H5Eclear2(H5E_DEFAULT);
  if (id >= 0) append_selection(SpaceId(id).get(), into);
}

void append_name(const H5R_ref_t& reference, Bytes& into) {
  std::string name(
      static_cast<std::size_t>(call<H5Rget_attr_name>(&reference, static_cast<char*>(nullptr), std::size_t{0})) + 1,
      '\0');
  call<H5Rget_attr_name>(&reference, name.data(), name.size());
  into.insert(into.end(), name.begin(), name.begin() + static_cast<std::ptrdiff_t>(std::strlen(name.c_str())));
}

bool is_null(const unsigned char* reference) {
  return std::all_of(reference, reference + sizeof(H5R_ref_t), [](unsigned char byte) { return byte == 0; });
}

}  // namespace

bool is_new_reference(hid_t type) {
  if (call<H5Tequal>(type, H5T_STD_REF) > 0) return true;
  if (call<H5Tequal>(type, H5T_STD_REF_OBJ) > 0 || call<H5Tequal>(type, H5T_STD_REF_DSETREG) > 0) return false;
  throw Error("ERR_UNSUPPORTED", "a reference of an unknown kind");
}

TypeId new_reference_type() { return TypeId(call<H5Tcopy>(H5T_STD_REF)); }

void take_reference(const unsigned char* from, Bytes& into) {
  if (is_null(from)) return;
  H5R_ref_t reference;
  std::memcpy(&reference, from, sizeof reference);
  Inside inside;
  std::memcpy(&inside, &reference, sizeof inside);
  if (inside.file) refuse_other_file(reference);
  check_inside(reference, inside);
  const H5R_type_t type = H5Rget_type(&reference);
  into.push_back(type == H5R_DATASET_REGION2 ? kRegion : type == H5R_ATTR ? kAttribute : kObject);
  into.insert(into.end(), std::begin(inside.token), std::begin(inside.token) + kAddress);
  if (type == H5R_DATASET_REGION2) append_region(reference, into);
  if (type == H5R_ATTR) append_name(reference, into);
}

void drop_reference(unsigned char* at) {
  if (is_null(at)) return;
  H5R_ref_t reference;
  std::memcpy(&reference, at, sizeof reference);
  H5Rdestroy(&reference);
  H5Eclear2(H5E_DEFAULT);
  std::memset(at, 0, sizeof reference);
}

References::~References() {
  for (Bytes& reference : made_) drop_reference(reference.data());
}

void References::make(const View& travelling, unsigned char* into) {
  std::memset(into, 0, sizeof(H5R_ref_t));
  if (travelling.size == 0) return;
  const unsigned char kind = travelling.data[0];
  const View bytes = behind(travelling, 1);
  H5R_ref_t reference;
  try {
    const ObjectId object = open_referenced(location_, kind == kRegion ? "region" : "any", bytes);
    if (kind == kRegion) {
      const SpaceId space = region_space(location_, bytes);
      call<H5Rcreate_region>(object.get(), ".", space.get(), H5P_DEFAULT, &reference);
    } else if (kind == kAttribute) {
      const View name = behind(bytes, kAddress);
      call<H5Rcreate_attr>(object.get(), ".", std::string(name.data, name.data + name.size).c_str(), H5P_DEFAULT,
                           &reference);
    } else {
      call<H5Rcreate_object>(object.get(), ".", H5P_DEFAULT, &reference);
    }
  } catch (Error& error) {
    if (error.code == "ERR_INVALID_ARGUMENT") throw;
    Error own("ERR_NOT_FOUND", "a reference points to nothing in this file; write null in its place");
    own.stack = std::move(error.stack);
    throw own;
  }
  const auto* begin = reinterpret_cast<const unsigned char*>(&reference);
  made_.emplace_back(begin, begin + sizeof reference);
  std::memcpy(into, &reference, sizeof reference);
}

#else

namespace {

[[noreturn]] void refuse_new() {
  throw Error("ERR_UNSUPPORTED", "references of the kind that HDF5 1.12 introduced cannot be read or written with " +
                                     hdf5_version() + "; build h5tracks with its own HDF5, which supports them");
}

}  // namespace

bool is_new_reference(hid_t type) {
  if (call<H5Tequal>(type, H5T_STD_REF_OBJ) > 0 || call<H5Tequal>(type, H5T_STD_REF_DSETREG) > 0) return false;
  refuse_new();
}

TypeId new_reference_type() { refuse_new(); }
void take_reference(const unsigned char*, Bytes&) { refuse_new(); }
void drop_reference(unsigned char*) {}
References::~References() = default;
void References::make(const View&, unsigned char*) { refuse_new(); }

#endif

}  // namespace h5tracks::hdf5
