#include "hdf5/operations/operations.h"

#include <unordered_map>

#include "hdf5/core/lock.h"
#include "hdf5/file/file.h"
#include "hdf5/object/object.h"

namespace h5tracks::hdf5 {

namespace {

using Table = std::unordered_map<std::string, Operation>;

Table all_operations() {
  Table table;
  for (const Operations* operations :
       {&link_operations(), &object_operations(), &attribute_operations(), &type_operations(), &dataset_operations(),
        &value_operations(), &chunk_operations(), &reference_operations(), &file_operations()}) {
    for (const Operation& operation : *operations) table.emplace(operation.name, operation);
  }
  return table;
}

}  // namespace

const Operation& operation_named(const std::string& name) {
  static const auto* table = new Table(all_operations());
  const auto found = table->find(name);
  if (found == table->end()) throw Error("ERR_INVALID_ARGUMENT", "no operation is named '" + name + "'");
  return found->second;
}

DynamicValue run(const Operation& operation, const DynamicValue& arguments) {
  const Lock lock;
  const File& file = *arguments[0].object()->file;
  if (operation.changes) file.check_writable();
  return operation.run(arguments);
}

}  // namespace h5tracks::hdf5
