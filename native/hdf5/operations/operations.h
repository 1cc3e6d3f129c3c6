// The operations that lib/ calls by name. Each is implemented once, and the binding runs it on the calling thread or on
// the I/O thread. `Operations` in lib/native declares the arguments and the answer of each.
#pragma once

#include <string>
#include <vector>

#include "hdf5/core/dynamic_value.h"

namespace h5tracks::hdf5 {

struct Operation {
  const char* name;
  // The first argument is the object that the operation is about. Runs under the Lock.
  DynamicValue (*run)(const DynamicValue& arguments);
  // The operation changes the file: it throws ERR_READ_ONLY if the file is open for reading.
  bool changes = false;
};

using Operations = std::vector<Operation>;

const Operation& operation_named(const std::string& name);
// Takes the Lock.
DynamicValue run(const Operation& operation, const DynamicValue& arguments);

// The tables of operations, one per subject.
const Operations& link_operations();
const Operations& object_operations();
const Operations& attribute_operations();
const Operations& type_operations();
const Operations& dataset_operations();
const Operations& value_operations();
const Operations& chunk_operations();
const Operations& reference_operations();
const Operations& file_operations();

}  // namespace h5tracks::hdf5
