// Operations on references to objects and regions. A reference is passed as bytes (reference.h).
#include "hdf5/core/call.h"
#include "hdf5/description/object_description.h"
#include "hdf5/description/reference.h"
#include "hdf5/description/selection.h"
#include "hdf5/file/file.h"
#include "hdf5/object/object.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

template <typename Reference>
DynamicValue bytes_of(const Reference& reference) {
  const auto* begin = reinterpret_cast<const unsigned char*>(&reference);
  return DynamicValue::bytes(Bytes(begin, begin + sizeof reference));
}

DynamicValue make_object(const DynamicValue& args) {
  hobj_ref_t reference{};
  call<H5Rcreate>(static_cast<void*>(&reference), args[0].object()->id(), ".", H5R_OBJECT, H5I_INVALID_HID);
  return bytes_of(reference);
}

// (dataset, selection)
DynamicValue make_region(const DynamicValue& args) {
  const hid_t id = args[0].object()->dataset()->values_id();
  const Selection selection(SpaceId(call<H5Dget_space>(id)), args[1], id);
  hdset_reg_ref_t reference{};
  call<H5Rcreate>(static_cast<void*>(&reference), id, ".", H5R_DATASET_REGION, selection.file_selection().get());
  return bytes_of(reference);
}

// (object of the file, 'object', 'region' or 'attribute', bytes): the object that the reference points to
DynamicValue open(const DynamicValue& args) {
  const auto& from = args[0].object();
  try {
    ObjectId id = open_referenced(from->id(), args[1].text(), args[2].view());
    const ssize_t length = call<H5Iget_name>(id.get(), static_cast<char*>(nullptr), std::size_t{0});
    std::string path(static_cast<std::size_t>(length) + 1, '\0');
    call<H5Iget_name>(id.get(), path.data(), path.size());
    path.pop_back();
    const auto object = Object::adopt(from->file, std::move(id), path);
    Map answer = describe_object(object);
    answer.emplace_back("path", path);
    return answer;
  } catch (Error& error) {
    if (error.code == "ERR_INVALID_ARGUMENT") throw;
    Error own("ERR_NOT_FOUND",
              "the reference leads to nothing in '" + from->file->path +
                  "' that can be opened: what it led to was deleted, or is damaged, which verify() tells");
    own.stack = std::move(error.stack);
    throw own;
  }
}

}  // namespace

const Operations& reference_operations() {
  static const Operations operations = {
      {"reference.object", make_object}, {"reference.region", make_region, true}, {"reference.open", open}};
  return operations;
}

}  // namespace h5tracks::hdf5
