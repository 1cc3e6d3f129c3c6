// Operations on datatypes.
#include "hdf5/core/call.h"
#include "hdf5/description/type.h"
#include "hdf5/operations/operations.h"

namespace h5tracks::hdf5 {

namespace {

// (object, type, type): whether the two types are equal
DynamicValue equal(const DynamicValue& args) {
  return DynamicValue(call<H5Tequal>(make_type(args[1]).get(), make_type(args[2]).get()) > 0);
}

}  // namespace

const Operations& type_operations() {
  static const Operations operations = {{"type.equal", equal}};
  return operations;
}

}  // namespace h5tracks::hdf5
