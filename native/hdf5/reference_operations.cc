// References to objects and to parts of datasets, for lib/. They travel as the bytes that HDF5 has for them.
#include <cstring>

#include "hdf5/call.h"
#include "hdf5/file.h"
#include "hdf5/object.h"
#include "hdf5/operations.h"
#include "hdf5/selection.h"
#include "hdf5/told.h"

namespace h5tracks::hdf5 {

namespace {

template <typename Reference>
Tree bytes_of(const Reference& reference) {
  const auto* begin = reinterpret_cast<const unsigned char*>(&reference);
  return Tree::bytes(Bytes(begin, begin + sizeof reference));
}

Tree make_object(const Tree& args) {
  hobj_ref_t reference{};
  call<H5Rcreate>(static_cast<void*>(&reference), args[0].object()->id(), ".", H5R_OBJECT, H5I_INVALID_HID);
  return bytes_of(reference);
}

// (dataset, selection)
Tree make_region(const Tree& args) {
  const hid_t id = args[0].object()->dataset()->values_id();
  const Selection selection(SpaceId(call<H5Dget_space>(id)), args[1], id);
  hdset_reg_ref_t reference{};
  call<H5Rcreate>(static_cast<void*>(&reference), id, ".", H5R_DATASET_REGION, selection.file_selection().get());
  return bytes_of(reference);
}

// The bytes, aligned and of the right length.
struct Given {
  Given(const Tree& to, const View& bytes) : region(to.text() == "region") {
    if (bytes.size != (region ? sizeof(hdset_reg_ref_t) : sizeof(hobj_ref_t))) {
      throw Error("ERR_INVALID_ARGUMENT", "a reference has other than " + std::to_string(bytes.size) + " bytes");
    }
    std::memcpy(memory, bytes.data, bytes.size);
  }
  const void* data() const { return memory; }
  H5R_type_t type() const { return region ? H5R_DATASET_REGION : H5R_OBJECT; }

  const bool region;
  alignas(std::max_align_t) unsigned char memory[sizeof(hdset_reg_ref_t) + sizeof(hobj_ref_t)] = {};
};

// (object of the file, 'object' or 'region', bytes): what it refers to
Tree open(const Tree& args) {
  const auto& from = args[0].object();
  const Given given(args[1], args[2].view());
  try {
    ObjectId id(call<H5Rdereference2>(from->id(), H5P_DEFAULT, given.type(), given.data()));
    const ssize_t length = call<H5Iget_name>(id.get(), static_cast<char*>(nullptr), std::size_t{0});
    std::string path(static_cast<std::size_t>(length) + 1, '\0');
    call<H5Iget_name>(id.get(), path.data(), path.size());
    path.pop_back();
    const auto object = Object::adopt(from->file, std::move(id), path);
    Map answer = told(object);
    answer.emplace_back("path", path);
    return answer;
  } catch (Error& error) {
    Error own("ERR_NOT_FOUND",
              "the reference leads to nothing in '" + from->file->path +
                  "' that can be opened: what it led to was deleted, or is damaged, which verify() tells");
    own.stack = std::move(error.stack);
    throw own;
  }
}

// (object of the file, bytes): { shape, points } or { shape, blocks }, coordinates one behind the other
Tree region(const Tree& args) {
  const Given given("region", args[1].view());
  SpaceId space(call<H5Rget_region>(args[0].object()->id(), H5R_DATASET_REGION, given.data()));
  const auto rank = static_cast<std::size_t>(call<H5Sget_simple_extent_ndims>(space.get()));
  Shape extent(rank);
  call<H5Sget_simple_extent_dims>(space.get(), extent.data(), nullptr);
  Map told{{"shape", Tree::shape(extent)}};
  const H5S_sel_type type = call<H5Sget_select_type>(space.get());
  if (type == H5S_SEL_POINTS) {
    const hssize_t count = call<H5Sget_select_elem_npoints>(space.get());
    Shape points(static_cast<std::size_t>(count) * rank);
    call<H5Sget_select_elem_pointlist>(space.get(), hsize_t{0}, static_cast<hsize_t>(count), points.data());
    told.emplace_back("points", Tree::shape(points));
  } else if (type == H5S_SEL_HYPERSLABS) {
    const hssize_t count = call<H5Sget_select_hyper_nblocks>(space.get());
    Shape corners(static_cast<std::size_t>(count) * 2 * rank);
    call<H5Sget_select_hyper_blocklist>(space.get(), hsize_t{0}, static_cast<hsize_t>(count), corners.data());
    told.emplace_back("blocks", Tree::shape(corners));
  } else {
    told.emplace_back("all", type == H5S_SEL_ALL);
  }
  return told;
}

}  // namespace

const Operations& reference_operations() {
  static const Operations operations = {{"reference.object", make_object},
                                        {"reference.region", make_region, true},
                                        {"reference.open", open},
                                        {"reference.selection", region}};
  return operations;
}

}  // namespace h5tracks::hdf5
